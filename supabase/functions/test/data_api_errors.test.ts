// What the Data API may answer that no database of ours does on demand, by a stand-in that answers as it is told.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { answering, bare, type Json, withSuccess } from "../_shared/answering.ts";
import { createPlanJob } from "../_shared/create_plan_job.ts";
import { endOf, processPlanQueue } from "../_shared/process_plan_queue.ts";
import { triggerWorkoutPlan } from "../_shared/trigger_workout_plan.ts";
import { claimsOf, token } from "./support.ts";

const USER = await token(claimsOf("6f3c0a52-0b57-4b6e-9d0e-4a4f3b1c2d01"));
const SERVICE_KEY = "sb_secret_of_the_caller";

let answer: (request: Request) => Response | Promise<Response>;
const asked: { path: string; headers: Headers; body: string }[] = [];
const fake = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
  const { pathname, search } = new URL(request.url);
  asked.push({ path: pathname + search, headers: request.headers, body: await request.clone().text() });
  return answer(request);
});
const fakeUrl = `http://127.0.0.1:${fake.addr.port}`;

const projectUrl = Deno.env.get("SUPABASE_URL")!;
Deno.test.beforeEach(() => {
  Deno.env.set("SUPABASE_URL", fakeUrl);
  asked.length = 0;
});
Deno.test.afterEach(() => Deno.env.set("SUPABASE_URL", projectUrl));
Deno.test.afterAll(() => fake.shutdown());

const post = (headers: Record<string, string>, body: object = {}) =>
  new Request("http://edge/create-plan-job", { method: "POST", headers, body: JSON.stringify(body) });
const asUser = { authorization: `Bearer ${USER}`, apikey: "the app's own key" };
const create = answering(createPlanJob, withSuccess);

/** Status, code and sentence of create-plan-job when the Data API answers so. */
async function refusal(status: number, body: object | string): Promise<[number, string, string]> {
  answer = () =>
    typeof body === "string"
      ? new Response(body, { status })
      : Response.json({ details: null, hint: null, ...body }, { status });
  const response = await create(post(asUser, { profileSnapshot: {} }));
  const envelope = await response.json();
  deepStrictEqual(Object.keys(envelope), ["success", "error", "code"]);
  strictEqual(response.headers.get("access-control-allow-origin"), "*");
  return [response.status, envelope.code, envelope.error];
}

Deno.test("each error of the Data API has its status and code, and none says anything of the database", async () => {
  const cases: [number, object | string, number, string][] = [
    [
      429,
      { code: "PT429", message: "You can ask for 20 plans a day.", details: "TOO_MANY_REQUESTS" },
      429,
      "TOO_MANY_REQUESTS",
    ],
    [
      409,
      { code: "PT409", message: "This key was used.", details: "IDEMPOTENCY_CONFLICT" },
      409,
      "IDEMPOTENCY_CONFLICT",
    ],
    [500, { code: "PT503", message: "No worker is running.", details: "NO_WORKER" }, 503, "NO_WORKER"],
    [
      409,
      { code: "23503", message: 'violates foreign key constraint "plan_generation_jobs_user_id_fkey"' },
      400,
      "INVALID_REQUEST",
    ],
    [401, { code: "PGRST301", message: "No suitable key or wrong key type" }, 401, "UNAUTHORIZED"],
    [401, { code: "PGRST303", message: "JWT expired" }, 401, "UNAUTHORIZED"],
    [401, { code: "42501", message: "permission denied for function create_plan_job" }, 401, "UNAUTHORIZED"],
    [401, { message: "Invalid API key" }, 401, "UNAUTHORIZED"],
    [403, { code: "42501", message: "permission denied for table secrets" }, 500, "INTERNAL_ERROR"],
    [404, { code: "PGRST202", message: "Could not find the function public.create_plan_job" }, 500, "INTERNAL_ERROR"],
    [400, { code: "P0001", message: "select from secrets" }, 500, "INTERNAL_ERROR"],
    [500, { code: "57014", message: "canceling statement due to statement timeout" }, 503, "UNAVAILABLE"],
    [500, { code: "40001", message: "could not serialize access" }, 503, "UNAVAILABLE"],
    [503, { code: "53300", message: "too many clients" }, 503, "UNAVAILABLE"],
    [503, { code: "PGRST002", message: "Could not query the database for the schema cache" }, 503, "UNAVAILABLE"],
    [504, { code: "PGRST003", message: "Timed out acquiring connection" }, 503, "UNAVAILABLE"],
    [502, "<html>Bad gateway</html>", 503, "UNAVAILABLE"],
    [500, "secrets", 500, "INTERNAL_ERROR"],
    [200, "no JSON", 500, "INTERNAL_ERROR"],
  ];
  for (const [status, body, expected, code] of cases) {
    const [actual, actualCode, sentence] = await refusal(status, body);
    deepStrictEqual([actual, actualCode], [expected, code], JSON.stringify(body));
    match(sentence, /^[A-Z].* .*\.$/);
    ok(!/secret|permission|schema|statement|select/.test(sentence), sentence);
  }
  match((await refusal(401, { code: "PGRST303", message: "JWT expired" }))[2], /expired/);
  match((await refusal(401, { code: "PGRST303", message: "JWT not yet valid" }))[2], /not valid yet/);
});

Deno.test("a Data API that cannot be reached is 503, to be tried again", async () => {
  Deno.env.set("SUPABASE_URL", "http://127.0.0.1:1");
  const response = await answering(triggerWorkoutPlan, bare)(post(asUser, { userProfile: "run" }));
  deepStrictEqual([response.status, response.headers.get("retry-after")], [503, "5"]);
  deepStrictEqual(Object.keys(await response.json()), ["error", "code"]);
});

Deno.test("the caller's own credential is sent on, and never another", async () => {
  answer = () => Response.json({ success: true, status: "created", jobId: "x" });
  const userId = "6f3c0a52-0b57-4b6e-9d0e-4a4f3b1c2d01";
  await create(post(asUser, { profileSnapshot: {}, userId }));
  await create(post({ authorization: `Bearer ${SERVICE_KEY}` }, { profileSnapshot: {}, userId }));
  await create(post({ apikey: SERVICE_KEY }, { profileSnapshot: {}, userId }));
  const sent = asked.map(({ path, headers, body }) => [
    path,
    headers.get("authorization"),
    headers.get("apikey"),
    JSON.parse(body).p_options.userId,
  ]);
  const path = "/rest/v1/rpc/create_plan_job";
  deepStrictEqual(sent, [
    [path, `Bearer ${USER}`, Deno.env.get("SUPABASE_ANON_KEY"), undefined],
    [path, null, SERVICE_KEY, userId],
    [path, null, SERVICE_KEY, userId],
  ]);
  answer = () => Response.json({ message: "Invalid API key" }, { status: 401 });
  const unknown = await (await create(post({ apikey: SERVICE_KEY }, { profileSnapshot: {} }))).json();
  strictEqual(unknown.error, "This API key is not known here.");
});

Deno.test("a project without legacy keys has publishable ones", async () => {
  const legacy = Deno.env.get("SUPABASE_ANON_KEY")!;
  Deno.env.delete("SUPABASE_ANON_KEY");
  answer = () => Response.json({ success: true });
  strictEqual((await create(post(asUser))).status, 500);
  Deno.env.set("SUPABASE_PUBLISHABLE_KEYS", '{"default":"sb_publishable_one"}');
  strictEqual((await create(post(asUser))).status, 200);
  strictEqual(asked[0].headers.get("apikey"), "sb_publishable_one");
  Deno.env.delete("SUPABASE_PUBLISHABLE_KEYS");
  Deno.env.set("SUPABASE_ANON_KEY", legacy);
});

Deno.test("of a body that does not end only four mebibytes are taken in", async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 65_536;
      controller.enqueue(new Uint8Array(65_536));
    },
  });
  const request = (options: object) => new Request("http://edge/create-plan-job", { method: "POST", ...options });
  strictEqual((await create(request({ body: endless }))).status, 413);
  ok(sent >= 4_194_304 && sent < 5_000_000, String(sent));
  const announced = request({ body: "{}", headers: { "content-length": "5000000" } });
  strictEqual((await create(announced)).status, 413);
  deepStrictEqual(asked, []);
});

const caller = { isService: false, headers: asUser };
const rowsAre = (...rows: object[]) => {
  answer = () => Response.json(rows);
};

Deno.test("a job that ended says how, and one that is gone too", async () => {
  const wait = (): Promise<Json> => endOf(caller, "job", 10_000, new AbortController().signal);
  rowsAre({ status: "completed", result_plan_id: "plan" });
  deepStrictEqual(await wait(), { success: true, jobId: "job", status: "completed", planId: "plan" });
  rowsAre({ status: "failed", error_message: null, error_code: null });
  deepStrictEqual(await wait(), {
    success: false,
    jobId: "job",
    status: "failed",
    error: "The plan could not be made.",
    code: "UNKNOWN",
  });
  rowsAre();
  strictEqual((await wait() as { code: string }).code, "JOB_NOT_FOUND");
});

Deno.test("waiting ends with its limit and with its client", async () => {
  rowsAre({ status: "processing" });
  const started = Date.now();
  strictEqual(await endOf(caller, "job", 600, new AbortController().signal), null);
  ok(Date.now() - started >= 600);
  const client = new AbortController();
  answer = () => {
    client.abort();
    return Response.json([{ status: "processing" }]);
  };
  asked.length = 0;
  strictEqual(await endOf(caller, "job", 60_000, client.signal), null);
  strictEqual(asked.length, 1);
});

Deno.test("of many that wait at once, sixty-four do and one more is answered at once", async () => {
  let end = false;
  answer = (request) =>
    request.method === "POST"
      ? Response.json({ success: true, jobId: "job", status: "processing" })
      : Response.json([{ status: end ? "completed" : "processing", result_plan_id: "plan" }]);
  const process = answering(processPlanQueue, withSuccess);
  const call = async () => (await (await process(post(asUser, { wait: true }))).json()).status;
  const calls = Array.from({ length: 65 }, call);
  strictEqual(await Promise.race(calls), "processing");
  end = true;
  deepStrictEqual((await Promise.all(calls)).filter((status) => status === "completed").length, 64);
});
