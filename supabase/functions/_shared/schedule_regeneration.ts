// An athlete's schedule is set: the RPC `schedule_regeneration`.

import type { Json } from "./answering.ts";
import { asked } from "./asked.ts";
import { rpc } from "./data_api.ts";
import { collect, FLAG, TEXT } from "./fields.ts";

const FIELDS = { cron: TEXT, timeZone: TEXT, enabled: FLAG };

/** Answers `{"success", "status", "next_at"}` as the database words it. */
export async function scheduleRegeneration(request: Request): Promise<Json> {
  const { caller, fields } = await asked(request, (body, caller) => collect(FIELDS, body, request.headers, caller));
  return await rpc(caller, "schedule_regeneration", {
    p_cron: fields.cron ?? null,
    p_time_zone: fields.timeZone ?? null,
    p_enabled: fields.enabled ?? null,
    p_user_id: fields.userId ?? null,
  });
}
