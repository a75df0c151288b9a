// As much of PostgREST as the functions ask, on a real database, for as long as Mesocycle serves no /rest/v1 itself: the
// three RPCs and the job's row, as the caller's role; PostgREST's statuses and forms of errors.

import { env, sql } from "./support.ts";

const ARGUMENTS: Record<string, Record<string, string>> = {
  create_plan_job: { p_profile_snapshot: "jsonb", p_options: "jsonb" },
  request_workout_plan: {
    p_user_profile: "text",
    p_system_prompt: "text",
    p_time_zone: "text",
    p_idempotency_key: "text",
    p_user_id: "uuid",
  },
  process_plan_queue: {},
};

const error = (status: number, code: string, message: string, details: string | null = null) =>
  Response.json({ code, details, hint: null, message }, { status });

Deno.serve({ hostname: "127.0.0.1", port: 0 }, async (request) => {
  const url = new URL(request.url);
  const claims = await verify(request.headers);
  if (claims instanceof Response) {
    return claims;
  }
  const [, name] = /^\/rest\/v1\/rpc\/(\w+)$/.exec(url.pathname) ?? [];
  try {
    return Response.json(
      await sql.begin(async (transaction) => {
        await transaction`select set_config('role', ${claims.role}, true),
        set_config('request.jwt.claims', ${JSON.stringify(claims)}, true)`;
        if (name !== undefined) {
          const args = Object.entries(await request.json());
          const list = args.map(([key], index) => `${key} => $${index + 1}::text::${ARGUMENTS[name][key]}`);
          const values = args.map(([key, value]) =>
            ARGUMENTS[name][key] === "jsonb" ? JSON.stringify(value) : value as string
          );
          const [row] = await transaction.unsafe(`select public.${name}(${list}) as answer`, values);
          return row.answer;
        }
        const job = url.searchParams.get("id")?.replace("eq.", "") ?? null;
        return await transaction.unsafe(
          `select ${url.searchParams.get("select")} from public.plan_generation_jobs where id = $1`,
          [job],
        );
      }),
    );
  } catch (thrown) {
    const { code, message, detail } = thrown as { code: string; message: string; detail?: string };
    const status = code.startsWith("PT")
      ? Number(code.slice(2))
      : code !== "42501"
      ? 400
      : claims.role === "anon"
      ? 401
      : 403;
    return error(status, code, message, detail);
  }
});

async function verify(headers: Headers): Promise<{ role: string } | Response> {
  const bearer = headers.get("authorization")?.slice("Bearer ".length);
  if (bearer === undefined || bearer.startsWith("sb_")) {
    return Response.json({ message: "Invalid API key" }, { status: 401 });
  }
  const [header, payload, signature] = bearer.split(".");
  const bytes = (text: string) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(env("SUPABASE_JWT_SECRET")),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["verify"],
  );
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  if (!await crypto.subtle.verify("HMAC", key, bytes(signature ?? ""), signed)) {
    return error(401, "PGRST301", "No suitable key or wrong key type");
  }
  const claims = JSON.parse(new TextDecoder().decode(bytes(payload)));
  const now = Date.now() / 1000;
  if (claims.exp < now - 30) {
    return error(401, "PGRST303", "JWT expired");
  }
  if (claims.nbf > now + 30) {
    return error(401, "PGRST303", "JWT not yet valid");
  }
  return claims;
}
