// What the tests share: the functions running as on Supabase behind one address, tokens, and the database.

import postgres from "postgres";

export const FUNCTIONS = [
  "create-plan-job",
  "process-plan-queue",
  "schedule-regeneration",
  "trigger-workout-plan",
  "generate-workout-plan",
];

export const env = (name: string) => {
  const value = Deno.env.get(name);
  if (value === undefined) {
    throw new Error(`${name} is not set: start the tests by ./run`);
  }
  return value;
};

/** Mesocycle's own server, which says what the right answer is. */
export const REFERENCE = env("SUPABASE_URL");

/** The database behind both. */
export const sql = postgres({
  host: new URL(env("DATABASE_URL")).searchParams.get("host") ?? undefined,
  database: new URL(env("DATABASE_URL")).pathname.slice(1),
  username: new URL(env("DATABASE_URL")).username,
  onnotice: () => {},
});

/** Runs each function in a process of its own, with no more rights than it needs: the network and two settings. */
async function start(name: string, projectUrl: string): Promise<{ url: string; process: Deno.ChildProcess }> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-remote",
      "--no-npm",
      "--no-config",
      "--allow-net",
      "--allow-env=SUPABASE_URL,SUPABASE_ANON_KEY,SUPABASE_PUBLISHABLE_KEYS",
      new URL(`../${name}/index.ts`, import.meta.url).pathname,
    ],
    env: { DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0", SUPABASE_URL: projectUrl, NO_COLOR: "1" },
    stdout: "inherit",
    stderr: "piped",
  }).spawn();
  const stderr = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  for (let next = await stderr.read(); !next.done; next = await stderr.read()) {
    said += next.value;
    log += next.value;
    const address = /Listening on (http:\S+?)\/?\s/.exec(said);
    if (address !== null) {
      drain(stderr);
      return { url: address[1], process };
    }
  }
  throw new Error(`${name} did not start: ${said}`);
}

async function drain(stderr: ReadableStreamDefaultReader<string>) {
  for (let next = await stderr.read(); !next.done; next = await stderr.read()) {
    log += next.value;
  }
}

/** What the functions have written to their logs. */
export let log = "";

/** The functions and the Data API behind one address, as a project has them. */
export async function startProject() {
  const functions = new Map<string, { url: string; process: Deno.ChildProcess }>();
  const asked: string[] = [];
  const gateway = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname, search } = new URL(request.url);
    asked.push(pathname + search);
    const [, name] = /^\/functions\/v1\/([^/]+)$/.exec(pathname) ?? [];
    const running = functions.get(name);
    const target = running !== undefined ? `${running.url}/${name}` : env("DATA_API_URL") + pathname + search;
    return fetch(target, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      signal: request.signal,
    });
  });
  const url = `http://127.0.0.1:${gateway.addr.port}`;
  await Promise.all(FUNCTIONS.map(async (name) => functions.set(name, await start(name, url))));
  const stop = async () => {
    await gateway.shutdown();
    for (const { process } of functions.values()) {
      process.kill();
      await process.status;
    }
    await sql.end();
  };
  /** Resolves when a function has asked the Data API for something with these words in its address. */
  const hasAskedFor = async (words: string) => {
    while (!asked.some((address) => address.startsWith("/rest/v1/") && address.includes(words))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { url, hasAskedFor, stop };
}

/** Stops the engine from taking jobs, so that what a request finds does not depend on who is faster. */
export async function holdJobs(): Promise<void> {
  await replaceBody("claim", "begin return; end");
}

/** As if no worker were running. */
export async function hideWorkers(): Promise<void> {
  await replaceBody("has_worker", "select false");
}

const bodies = new Map<string, string>();

async function replaceBody(name: string, body: string): Promise<void> {
  const [{ definition, source }] = await sql`
    select pg_get_functiondef(oid) as definition, prosrc as source from pg_proc
    where pronamespace = 'durable'::regnamespace and proname = ${name}`;
  bodies.set(name, definition);
  await sql.unsafe(definition.replace(source, body));
}

/** Undoes `holdJobs` or `hideWorkers`. */
export async function release(name: "claim" | "has_worker"): Promise<void> {
  await sql.unsafe(bodies.get(name)!);
}

const seconds = () => Math.floor(Date.now() / 1000);

/** The claims of a user's token, with some replaced; undefined takes one away. */
export const claimsOf = (user: string, changes: object = {}) => ({
  aud: "authenticated",
  role: "authenticated",
  sub: user,
  exp: seconds() + 3600,
  ...changes,
});

export const expired = () => ({ exp: seconds() - 60 });
export const notYetValid = () => ({ nbf: seconds() + 120 });

/** A token signed by the project's secret, or by another. */
export async function token(claims: object, secret = env("SUPABASE_JWT_SECRET")): Promise<string> {
  const coded = (bytes: Uint8Array) =>
    btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const part = (value: object) => coded(new TextEncoder().encode(JSON.stringify(value)));
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text));
  return `${text}.${coded(new Uint8Array(signature))}`;
}
