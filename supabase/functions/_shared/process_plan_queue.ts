// The nudge of old clients and crons: the RPC `process_plan_queue`, and how the job that it names ended.

import type { Json, JsonObject } from "./answering.ts";
import { asked } from "./asked.ts";
import type { Caller } from "./caller.ts";
import { rows, rpc } from "./data_api.ts";
import { FLAG } from "./fields.ts";
import { invalidRequest } from "./refused.ts";

/** Phones give up at 60 s. */
const WAIT_LIMIT_MILLISECONDS = 55_000;

/** How many calls may wait at a time in this process; one more is answered at once, as if it had not asked to wait. */
const MOST_WAITING = 64;
let waiting = 0;

/** Answers `{"success", "status", "jobId"?, …}` at once, or with `{"wait": true}` when that job has ended. */
export async function processPlanQueue(request: Request): Promise<Json> {
  const { caller, fields } = await asked(request, (body) => ({ wait: isSet(body, "wait") }));
  const answer = await rpc(caller, "process_plan_queue", {}) as JsonObject;
  if (!fields.wait || typeof answer.jobId !== "string" || waiting >= MOST_WAITING) {
    return answer;
  }
  waiting += 1;
  try {
    return await endOf(caller, answer.jobId, WAIT_LIMIT_MILLISECONDS, request.signal) ?? answer;
  } finally {
    waiting -= 1;
  }
}

/** Whether a flag is set; absent and `null` are no. Throws 400 for anything but true or false. */
function isSet(body: JsonObject, name: string): boolean {
  const value = body[name] ?? false;
  if (!FLAG.fits(value)) {
    throw invalidRequest(`${name} must be ${FLAG.described}.`);
  }
  return value === true;
}

/**
 * The answer of a job once it has ended; null when the time is over or the client has left. The row is read as the
 * caller, at first four times a second, later once.
 */
export async function endOf(caller: Caller, job: string, limit: number, client: AbortSignal): Promise<Json> {
  const deadline = Date.now() + limit;
  for (let interval = 250; !client.aborted; interval = Math.min(interval * 2, 1000)) {
    const answer = await readEnd(caller, job);
    const left = deadline - Date.now();
    if (answer !== null || left <= 0) {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(interval, left)));
  }
  return null;
}

async function readEnd(caller: Caller, job: string): Promise<Json> {
  const columns = "status,result_plan_id,error_message,error_code";
  const [row] = await rows(caller, `plan_generation_jobs?id=eq.${job}&select=${columns}`) as JsonObject[];
  if (row === undefined) {
    return failed(job, "This job does not exist any more.", "JOB_NOT_FOUND");
  }
  switch (row.status) {
    case "completed":
      return { success: true, jobId: job, status: "completed", planId: row.result_plan_id };
    case "failed":
      return failed(job, row.error_message ?? "The plan could not be made.", row.error_code ?? "UNKNOWN");
    default:
      return null;
  }
}

function failed(job: string, error: Json, code: Json): Json {
  return { success: false, jobId: job, status: "failed", error, code };
}
