// A text becomes a request: the RPC `request_workout_plan`.

import type { Json } from "./answering.ts";
import { asked } from "./asked.ts";
import { rpc } from "./data_api.ts";
import { collect, TEXT } from "./fields.ts";

const FIELDS = { userProfile: TEXT, systemPrompt: TEXT, timeZone: TEXT };

/** Answers `{"request_id", "status", "message"}` as the database words it, before anything is generated. */
export async function triggerWorkoutPlan(request: Request): Promise<Json> {
  const { caller, fields } = await asked(request, (body, caller) => collect(FIELDS, body, request.headers, caller));
  return await rpc(caller, "request_workout_plan", {
    p_user_profile: fields.userProfile ?? null,
    p_system_prompt: fields.systemPrompt ?? null,
    p_time_zone: fields.timeZone ?? null,
    p_idempotency_key: fields.idempotencyKey ?? null,
    p_user_id: fields.userId ?? null,
  });
}
