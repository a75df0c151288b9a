// A profile becomes a job: the RPC `create_plan_job`.

import type { Json } from "./answering.ts";
import { askedIn } from "./asked.ts";
import { parse, read } from "./body.ts";
import { rpc } from "./data_api.ts";
import { collect, FLAG, oneOf, TEXT, UUID } from "./fields.ts";
import { Refused } from "./refused.ts";

const FIELDS = {
  redo: FLAG,
  redoReason: TEXT,
  redoType: oneOf("workout", "nutrition", "both"),
  sourcePlanId: UUID,
  forceRegenerate: FLAG,
};

/** Answers `{"success", "status", "jobId"?, …}` as the database words it. */
export async function createPlanJob(request: Request): Promise<Json> {
  const body = parse(await read(request));
  // Clients ask so whether the service is there at all.
  if (!(body instanceof Refused) && body.healthCheck === true) {
    return { success: true, status: "healthy" };
  }
  const { caller, fields } = await askedIn(body, request, (body, caller) => ({
    p_profile_snapshot: body.profileSnapshot ?? null,
    p_options: collect(FIELDS, body, request.headers, caller),
  }));
  return await rpc(caller, "create_plan_job", fields);
}
