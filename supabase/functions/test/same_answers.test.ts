// The same requests to Mesocycle's own functions and to the Edge Functions: the same answers, to the byte that matters.

import { deepStrictEqual, ok, strictEqual } from "node:assert";
import {
  claimsOf,
  env,
  expired,
  FUNCTIONS,
  hideWorkers,
  holdJobs,
  log,
  notYetValid,
  REFERENCE,
  release,
  sql,
  startProject,
  token,
} from "./support.ts";

type Step = {
  name?: string;
  method?: string;
  headers?: Record<string, string>;
  /** An object is sent as JSON, text as it is. */
  body?: object | string | Uint8Array<ArrayBuffer> | ReadableStream;
};

/** What a case may use: fresh for each side. */
type Side = { user: string; bearer: (changes?: object) => Promise<Record<string, string>> };

/** Requests one after another; what the database is made to hold before them is the case's own affair. */
type Case = (side: Side) => AsyncGenerator<Step> | Generator<Step>;

const CREATE = "create-plan-job";
const PROCESS = "process-plan-queue";
const SCHEDULE = "schedule-regeneration";
const TRIGGER = "trigger-workout-plan";
const PROFILE = { goal: "MUSCLE_GAIN", trainingDays: 4 };
const SUNDAYS = { cron: "0 18 * * SUN", timeZone: "Europe/Berlin" };
const TEXT = { userProfile: "Build muscle, three days a week." };
const SERVICE = { authorization: `Bearer ${env("SUPABASE_SERVICE_ROLE_KEY")}` };

const padded = (value: object, length: number) => {
  const text = JSON.stringify(value);
  return text + " ".repeat(length - text.length);
};
const inChunks = (text: string) =>
  new Blob([text]).stream().pipeThrough(new TransformStream({ transform: (chunk, out) => out.enqueue(chunk) }));

/** What a profile needs to be this many bytes as a body. */
const bodyOf = (length: number) => {
  const body = (filler: string) => JSON.stringify({ profileSnapshot: { ...PROFILE, specialRequests: filler } });
  return body("x".repeat(length - body("").length));
};

const ended = async (user: string, count: number) => {
  await sql`insert into public.plan_generation_jobs (user_id, profile_snapshot, status, completed_at)
    select ${user}, '{}', 'failed', now() from generate_series(1, ${count}::int)`;
};
const endJobs = (user: string) =>
  sql`select durable.finish(id, 'failed', null, 'VALIDATION_FAILED') from
    (select id from public.plan_generation_jobs where user_id = ${user} and status = 'pending'
     union all select id from public.workout_plan_requests where user_id = ${user} and status = 'processing') waiting`;

const CASES: Record<string, Case> = {
  *"another method is 405"() {
    for (const name of FUNCTIONS) {
      for (const method of ["GET", "PUT", "PATCH", "DELETE"]) {
        yield { name, method };
      }
    }
  },
  *"every OPTIONS succeeds without credentials and echoes the headers"() {
    for (const name of FUNCTIONS) {
      yield { name, method: "OPTIONS" };
      yield {
        name,
        method: "OPTIONS",
        headers: {
          origin: "https://app.example.com",
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization,x-client-info,apikey,content-type,idempotency-key,x-made-up",
        },
      };
    }
  },
  async *"who is nobody gets 401"({ user, bearer }) {
    for (const name of FUNCTIONS) {
      yield { name };
      yield { name, headers: { authorization: "" } };
      yield { name, headers: { authorization: "Basic YTpi" } };
      for (const text of ["nonsense", "a.b.c", user, "sb_secret_unknown", "sb_publishable_unknown"]) {
        yield { name, headers: { authorization: `Bearer ${text}` } };
      }
      yield { name, headers: { authorization: `bearer ${env("SUPABASE_ANON_KEY")}` } };
      yield { name, headers: { apikey: env("SUPABASE_ANON_KEY") } };
      yield { name, headers: { apikey: "sb_publishable_unknown" } };
      for (
        const changes of [
          expired(),
          notYetValid(),
          { sub: "somebody" },
          { sub: undefined },
          { aud: "storage" },
          { aud: undefined },
          { role: "postgres" },
          { role: undefined },
        ]
      ) {
        yield { name, headers: await bearer(changes), body: {} };
      }
      const forged = await token(claimsOf(user), "a secret that is another one, and long enough");
      yield { name, headers: { authorization: `Bearer ${forged}` }, body: { ...TEXT, profileSnapshot: PROFILE } };
      // Who is nobody is not told what is wrong with the body.
      yield { name, headers: { authorization: `Bearer ${forged}` }, body: "{" };
      yield { name, headers: await bearer(expired()), body: { wait: 7, redo: 7, userProfile: 7 } };
      yield { name, body: "{" };
    }
  },
  async *"a body that is no storable JSON object is 400 whatever its type"({ bearer }) {
    const deep = (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    const bodies = ["{", "[]", "null", "1", '"text"', "{}{}", "healthCheck=true", '{"a":"\\u0000"}', '{"a\\u0000":[]}'];
    for (const body of [...bodies, '{"a":1e999}', '{"a":"\\ud800"}', deep(200), deep(100_000), "\ufeff{}"]) {
      yield { name: CREATE, headers: await bearer(), body };
    }
    for (const name of FUNCTIONS) {
      for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x"]) {
        yield { name, headers: { ...await bearer(), "content-type": type }, body: "[]" };
      }
      yield { name, headers: await bearer(), body: new Uint8Array([0xff, 0xfe]) };
    }
  },
  async *"the limit is 256 KiB to the byte, with a length or without, and comes before all else"({ bearer }) {
    const check = { healthCheck: true };
    yield { name: CREATE, body: padded(check, 262_144) };
    yield { name: CREATE, body: padded(check, 262_145) };
    yield { name: CREATE, body: padded(check, 1_000_000) };
    yield { name: CREATE, body: inChunks(padded(check, 262_144)) };
    yield { name: CREATE, body: inChunks(padded(check, 262_145)) };
    for (const name of FUNCTIONS) {
      yield { name, body: "x".repeat(300_000) };
    }
    yield { name: CREATE, headers: await bearer(), body: bodyOf(262_145) };
    yield { name: CREATE, headers: await bearer(), body: bodyOf(262_144) };
  },
  async *"a field of another type is 400 and named"({ bearer }) {
    const fields = {
      redo: "yes",
      redoReason: 7,
      redoType: "legs",
      sourcePlanId: "latest",
      forceRegenerate: 1,
      idempotencyKey: {},
    };
    for (const [field, value] of Object.entries(fields)) {
      yield { name: CREATE, headers: await bearer(), body: { profileSnapshot: PROFILE, [field]: value } };
    }
    for (const field of ["userProfile", "systemPrompt", "timeZone", "idempotencyKey"]) {
      yield { name: TRIGGER, headers: await bearer(), body: { ...TEXT, [field]: 7 } };
    }
    for (const [field, value] of Object.entries({ cron: 7, timeZone: [], enabled: "yes" })) {
      yield { name: SCHEDULE, headers: await bearer(), body: { ...SUNDAYS, [field]: value } };
    }
    yield { name: PROCESS, headers: await bearer(), body: { wait: "yes" } };
    yield { name: CREATE, headers: SERVICE, body: { userId: "me" } };
    yield { name: TRIGGER, headers: SERVICE, body: { userId: 7 } };
  },
  async *"a health check is answered before anything is asked"({ bearer }) {
    for (const headers of [{}, { authorization: "Bearer nonsense" }, await bearer(), SERVICE]) {
      yield { name: CREATE, headers, body: { healthCheck: true, profileSnapshot: PROFILE, redo: "yes" } };
    }
    yield { name: CREATE, body: { healthCheck: "true" } };
    yield { name: CREATE, body: { healthCheck: false } };
    yield { name: PROCESS, body: { healthCheck: true } };
    yield { name: TRIGGER, body: { healthCheck: true } };
  },
  async *"a profile becomes a job, and every further call finds it"({ bearer }) {
    const body = { profileSnapshot: PROFILE, redo: null, userId: "ignored", shoeSize: 44 };
    yield { name: CREATE, headers: await bearer(), body };
    yield { name: CREATE, headers: await bearer(), body };
    yield { name: CREATE, headers: await bearer(), body: { ...body, redo: true } };
    yield { name: CREATE, headers: await bearer(), body: { profileSnapshot: { goal: "GET_BIG" } } };
    yield { name: CREATE, headers: await bearer(), body: {} };
    yield { name: PROCESS, headers: await bearer() };
    yield { name: PROCESS, headers: await bearer(), body: {} };
  },
  async *"a profile that is no object is 400"({ bearer }) {
    for (const profileSnapshot of [undefined, null, [], "text", 7]) {
      yield { name: CREATE, headers: await bearer(), body: { profileSnapshot } };
    }
  },
  async *"a key in body or header gets the same answer, and another body 409"({ user, bearer }) {
    const keyed = (headers: object, more: object = {}) => ({ headers: headers as Record<string, string>, ...more });
    const header = { ...await bearer(), "idempotency-key": "press-1" };
    const create = { profileSnapshot: PROFILE };
    yield { name: CREATE, ...keyed(await bearer(), { body: { ...create, idempotencyKey: "press-1" } }) };
    await endJobs(user);
    yield { name: CREATE, ...keyed(header, { body: create }) };
    yield { name: CREATE, ...keyed(header, { body: { ...create, forceRegenerate: true } }) };
    yield { name: CREATE, ...keyed(header, { body: { ...create, idempotencyKey: "press-2" } }) };
    yield { name: TRIGGER, ...keyed(header, { body: TEXT }) };
    await endJobs(user);
    yield { name: "generate-workout-plan", ...keyed(await bearer(), { body: { ...TEXT, idempotencyKey: "press-1" } }) };
    yield { name: TRIGGER, ...keyed(header, { body: { userProfile: "swim" } }) };
    for (const key of ["", "k".repeat(256), "\u00ff"]) {
      yield { name: CREATE, ...keyed({ ...await bearer(), "idempotency-key": key }, { body: create }) };
    }
  },
  async *"the service role acts for the user it names"({ user }) {
    for (const body of [{ profileSnapshot: PROFILE, ...TEXT }, { profileSnapshot: PROFILE, ...TEXT, userId: user }]) {
      yield { name: CREATE, headers: SERVICE, body };
      yield { name: TRIGGER, headers: SERVICE, body };
    }
  },
  async *"twenty jobs a day, and three for an anonymous user"({ user, bearer }) {
    for (const [jobs, changes] of [[2, { is_anonymous: true }], [17, {}]] as const) {
      await ended(user, jobs);
      yield { name: CREATE, headers: await bearer(changes), body: { profileSnapshot: PROFILE } };
      await endJobs(user);
      yield { name: CREATE, headers: await bearer(changes), body: { profileSnapshot: PROFILE } };
      await endJobs(user);
    }
  },
  async *"a redo that may not be"({ user, bearer }) {
    const redo = { profileSnapshot: PROFILE, redo: true, redoReason: "too hard", redoType: "workout" };
    yield { name: CREATE, headers: await bearer(), body: { ...redo, redoReason: undefined } };
    yield { name: CREATE, headers: await bearer(), body: { ...redo, redoReason: "x".repeat(501) } };
    yield { name: CREATE, headers: await bearer(), body: redo };
    yield { name: CREATE, headers: await bearer(), body: { ...redo, sourcePlanId: crypto.randomUUID() } };
    await sql`insert into public.weekly_base_plans (user_id, days, status, week_start_date)
      values (${user}, '{}', 'active', date_trunc('week', now() at time zone 'UTC')::date)`;
    yield { name: CREATE, headers: await bearer(), body: redo };
  },
  async *"a text becomes a request, and while it is worked on every call gets it"({ bearer }) {
    for (const name of [TRIGGER, "generate-workout-plan"]) {
      yield {
        name,
        headers: await bearer(),
        body: { ...TEXT, systemPrompt: "é".repeat(50_000), timeZone: "Europe/Berlin", userId: "ignored" },
      };
    }
  },
  async *"a text that is missing or blank is 400, and one that is too long 413"({ bearer }) {
    for (const userProfile of [undefined, null, "", " \n\t ", "ü".repeat(20_001), "ü".repeat(20_000)]) {
      yield { name: TRIGGER, headers: await bearer(), body: { userProfile } };
    }
  },
  async *"a schedule needs a profile, a pattern and a zone"({ user, bearer }) {
    yield { name: SCHEDULE, headers: await bearer(), body: SUNDAYS };
    yield { name: SCHEDULE, headers: SERVICE, body: SUNDAYS };
    yield { name: CREATE, headers: await bearer(), body: { profileSnapshot: PROFILE } };
    for (
      const changes of [
        {},
        { enabled: false },
        { enabled: true, userId: "ignored" },
        { cron: "every sunday" },
        { cron: null },
        { cron: "0 18 30 2 *" },
        { timeZone: "Mars/Olympus" },
        { timeZone: undefined },
      ]
    ) {
      yield { name: SCHEDULE, headers: await bearer(), body: { ...SUNDAYS, ...changes } };
    }
    yield { name: SCHEDULE, headers: SERVICE, body: { ...SUNDAYS, userId: user } };
  },
  async *"a nudge without a job says so at once"({ bearer }) {
    for (const body of [undefined, {}, { wait: true }, { wait: null }]) {
      yield { name: PROCESS, headers: await bearer(), body };
    }
  },
};

const COMPARED = [
  "content-type",
  "allow",
  "www-authenticate",
  "retry-after",
  "x-relay-error",
  "access-control-allow-origin",
  "access-control-allow-methods",
  "access-control-allow-headers",
  "access-control-max-age",
];

/** What a browser must be let read of an answer; the server's other addresses add more of their own. */
const EXPOSED = [
  "content-range",
  "content-location",
  "retry-after",
  "preference-applied",
  "x-relay-error",
  "x-request-id",
];

const project = await startProject();

async function ask(base: string, { name, method, headers, body }: Step) {
  const sent =
    body === undefined || typeof body === "string" || body instanceof Uint8Array || body instanceof ReadableStream
      ? body
      : JSON.stringify(body);
  const response = await fetch(`${base}/functions/v1/${name}`, { method: method ?? "POST", headers, body: sent });
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(COMPARED.map((name) => [name, response.headers.get(name)])),
    exposed: EXPOSED.filter((name) => response.headers.get("access-control-expose-headers")?.split(",").includes(name)),
    varies: response.headers.get("vary")?.includes("access-control-request-headers"),
    hasRequestId: response.headers.has("x-request-id"),
    body: text === "" ? "" : JSON.parse(text),
  };
}

/** The answers of one side, its ids replaced by the order in which they came. */
async function answers(base: string, run: Case) {
  const user = crypto.randomUUID();
  const bearer = async (changes: object = {}) => ({ authorization: `Bearer ${await token(claimsOf(user, changes))}` });
  const given = [];
  for await (const step of run({ user, bearer })) {
    given.push(await ask(base, step));
  }
  const ids: string[] = [];
  const numbered = JSON.stringify(given).replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
    if (!ids.includes(id)) {
      ids.push(id);
    }
    return `id ${ids.indexOf(id)}`;
  });
  return JSON.parse(numbered);
}

Deno.test("Edge Functions answer as Mesocycle's own functions do", async (test) => {
  await holdJobs();
  for (const [name, run] of Object.entries(CASES)) {
    await test.step(name, async () => {
      const [expected, actual] = [await answers(REFERENCE, run), await answers(project.url, run)];
      ok(expected.length > 0);
      for (const [index, answer] of expected.entries()) {
        deepStrictEqual(actual[index], answer, `request ${index}`);
      }
    });
  }
  await test.step("without a worker it is 503", async () => {
    await hideWorkers();
    const run: Case = async function* ({ bearer }) {
      yield { name: PROCESS, headers: await bearer(), body: {} };
      yield { name: PROCESS, headers: SERVICE, body: { wait: true } };
    };
    const [expected, actual] = [await answers(REFERENCE, run), await answers(project.url, run)];
    await release("has_worker");
    deepStrictEqual(actual, expected);
    strictEqual(actual[0].body.code, "NO_WORKER");
  });
  await release("claim");
});

Deno.test("only a job made for a bad profile differs: it is accepted, and fails", async () => {
  const user = crypto.randomUUID();
  const headers = { authorization: `Bearer ${await token(claimsOf(user))}` };
  const body = { profileSnapshot: { goal: "GET_BIG", trainingDays: 3 } };
  const refused = await ask(REFERENCE, { name: CREATE, headers, body });
  deepStrictEqual([refused.status, refused.body.code], [400, "INVALID_PROFILE"]);
  await holdJobs();
  const created = await ask(project.url, { name: CREATE, headers, body });
  deepStrictEqual([created.status, created.body.status], [200, "created"]);
  const waiting = ask(project.url, { name: PROCESS, headers, body: { wait: true } });
  await project.hasAskedFor(`eq.${created.body.jobId}`);
  await release("claim");
  const { jobId, status, code } = (await waiting).body;
  deepStrictEqual([jobId, status, code], [created.body.jobId, "failed", "INVALID_PROFILE"]);
});

Deno.test("the official client invokes them, waits for the plan, and reads it", async () => {
  const { createClient } = await import("@supabase/supabase-js");
  const user = crypto.randomUUID();
  const accessToken = await token(claimsOf(user));
  const client = createClient(project.url, env("SUPABASE_ANON_KEY"), {
    accessToken: () => Promise.resolve(accessToken),
  });
  await holdJobs();
  const created = await client.functions.invoke(CREATE, { body: { profileSnapshot: PROFILE } });
  deepStrictEqual([created.error, created.data.status], [null, "created"]);
  const refused = await client.functions.invoke(TRIGGER, { body: { userProfile: " " } });
  deepStrictEqual([refused.data, (await refused.error.context.json()).code], [null, "INVALID_REQUEST"]);
  const waiting = client.functions.invoke(PROCESS, { body: { wait: true } });
  await project.hasAskedFor(`eq.${created.data.jobId}`);
  await release("claim");
  const { data, error } = await waiting;
  deepStrictEqual([error, data.jobId, data.status], [null, created.data.jobId, "completed"]);
  const [plan] = await sql`select user_id, status from public.weekly_base_plans where id = ${data.planId}`;
  deepStrictEqual([plan.user_id, plan.status], [user, "generated"]);
  client.removeAllChannels();
});

Deno.test("nothing of a caller stands in the functions' logs", () => {
  ok(log.includes("Listening on"));
  ok(!/eyJ|sb_|goal|muscle|secret/i.test(log), log);
});

Deno.test.afterAll(() => project.stop());
