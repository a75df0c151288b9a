// The project's Data API (PostgREST), called as the caller, and what its errors mean to a client of ours.

import type { Json, JsonObject } from "./answering.ts";
import { type Caller, INVALID, NO_USER, UNKNOWN_API_KEY } from "./caller.ts";
import { internal, invalidRequest, Refused, unauthorized, unavailable } from "./refused.ts";

/** As PostgREST words an error: SQLSTATE or `PGRST…`, the exception's message, its detail. */
type DataApiError = { code?: string | null; message?: string | null; details?: string | null };

/** Calls a function of the database with these arguments and returns its answer; throws what it refuses. */
export function rpc(caller: Caller, name: string, args: JsonObject): Promise<Json> {
  return ask(caller, `rpc/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(args),
  });
}

/** Reads rows; `path` is the table with its query. */
export function rows(caller: Caller, path: string): Promise<Json> {
  return ask(caller, path, {});
}

/** Throws 401 unless the Data API knows the caller. Asked before a body is criticised: that is for callers alone. */
export async function requireKnown(caller: Caller): Promise<void> {
  await rows(caller, "plan_generation_jobs?select=id&limit=0");
}

async function ask(caller: Caller, path: string, options: RequestInit): Promise<Json> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${Deno.env.get("SUPABASE_URL")}/rest/v1/${path}`, {
      ...options,
      headers: { ...options.headers, ...caller.headers },
    });
    text = await response.text();
  } catch {
    console.error("the Data API cannot be reached");
    throw unavailable();
  }
  if (response.ok) {
    return JSON.parse(text);
  }
  const error = errorOf(text);
  const refused = refusalOf(response.status, error, caller);
  if (refused.status >= 500 && !isRefusal(error.code)) {
    console.error("the Data API failed:", response.status, error.code ?? "without a code");
  }
  throw refused;
}

/** What a gateway answers by itself is no error of PostgREST's, and perhaps no JSON. */
function errorOf(text: string): DataApiError {
  try {
    const error = JSON.parse(text);
    return error !== null && typeof error === "object" ? error : {};
  } catch {
    return {};
  }
}

/** The database's own refusal: SQLSTATE `PT<status>`, the sentence as its message, the contract's code as its detail. */
function isRefusal(code: string | null | undefined): code is string {
  return /^PT[45]\d\d$/.test(code ?? "");
}

function refusalOf(status: number, error: DataApiError, caller: Caller): Refused {
  const code = error.code ?? "";
  const message = error.message ?? "";
  if (isRefusal(code)) {
    return new Refused(Number(code.slice(2)), error.details ?? "REFUSED", message);
  }
  if (status === 401) {
    return unauthorized(whyNobody(code, message, caller));
  }
  if (code === "23503" && /_user_id_fkey"/.test(message)) {
    return invalidRequest("There is no account for this user.");
  }
  if (isTransient(status, code)) {
    return unavailable();
  }
  return internal();
}

function whyNobody(code: string, message: string, caller: Caller): string {
  if (code === "42501") {
    return NO_USER; // anon may not execute it
  }
  if (caller.headers.authorization === undefined) {
    return UNKNOWN_API_KEY;
  }
  if (/expired/i.test(message)) {
    return "This access token has expired. Sign in again.";
  }
  if (/not ?yet ?valid|not valid yet/i.test(message)) {
    return "This access token is not valid yet. Check the clock of the machine that issued it.";
  }
  return INVALID;
}

/**
 * The gateway or PostgREST cannot be reached or has no connection; the database shuts down, is full, gives up waiting, or
 * asks to try again: the same call may pass in a moment.
 */
function isTransient(status: number, code: string): boolean {
  return (code === "" && [429, 502, 503, 504, 520, 522].includes(status)) ||
    /^PGRST00\d$/.test(code) || /^(08|53|57)/.test(code) || ["40001", "40P01", "55P03"].includes(code);
}
