// Whose request it is. Nothing is verified here: what a token says decides only what is refused at once; the Data API
// verifies it, and the database's grants and policies decide.

import type { Json, JsonObject } from "./answering.ts";
import { Refused, unauthorized } from "./refused.ts";

export type Caller = {
  /** Whether this is the service role, which may name the user it acts for. */
  isService: boolean;
  /** What is sent on to the Data API: the caller's own credential, never one of ours. */
  headers: Record<string, string>;
};

export const INVALID = "This access token is not valid. Sign in again.";
export const NO_USER = "This key names no user. Sign in and send the user's access token.";
export const UNKNOWN_API_KEY = "This API key is not known here.";
const MISSING = 'Sign in first: send the header "Authorization: Bearer <access token>".';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The caller behind a request's headers; throws 401. The bearer comes first, then an `sb_…` key in `apikey`. */
export function callerOf(headers: Headers): Caller {
  const bearer = /^bearer +(.*)$/i.exec(headers.get("authorization") ?? "")?.[1].trim() ?? "";
  const apiKey = headers.get("apikey") ?? "";
  const credential = bearer !== "" ? bearer : apiKey.startsWith("sb_") ? apiKey : "";
  if (credential === "") {
    throw unauthorized(MISSING);
  }
  if (credential.startsWith("sb_")) {
    // The gateway takes such a key in `apikey` alone: it is no token.
    return { isService: credential.startsWith("sb_secret_"), headers: { apikey: credential } };
  }
  return {
    isService: roleOf(credential) === "service_role",
    headers: { apikey: publicKey(), authorization: `Bearer ${credential}` },
  };
}

/** The role of a token of a user or the service role; throws 401 for any other. */
function roleOf(token: string): string {
  const claims = claimsOf(token);
  const { role, sub, aud } = claims;
  if (role === "anon") {
    throw unauthorized(NO_USER);
  }
  if (role === "service_role") {
    return role;
  }
  if (role !== "authenticated") {
    throw unauthorized(INVALID);
  }
  if (typeof sub !== "string" || !UUID.test(sub)) {
    throw unauthorized(NO_USER);
  }
  if (aud !== "authenticated" && !(Array.isArray(aud) && aud.includes("authenticated"))) {
    throw unauthorized(INVALID);
  }
  return role;
}

function claimsOf(token: string): JsonObject {
  try {
    const payload = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
    const claims: Json = JSON.parse(new TextDecoder().decode(bytes));
    if (claims !== null && typeof claims === "object" && !Array.isArray(claims)) {
      return claims;
    }
  } catch {
    // Said below, as for every token that is none.
  }
  throw unauthorized(INVALID);
}

/** The project's public key, which the gateway asks for beside a token. */
function publicKey(): string {
  const legacy = Deno.env.get("SUPABASE_ANON_KEY");
  const keys = Object.values(JSON.parse(Deno.env.get("SUPABASE_PUBLISHABLE_KEYS") ?? "{}"));
  const key = legacy ?? keys[0];
  if (typeof key !== "string") {
    console.error("neither SUPABASE_ANON_KEY nor SUPABASE_PUBLISHABLE_KEYS is set");
    throw new Refused(500, "CONFIG_ERROR", "Something went wrong here. Try again later.");
  }
  return key;
}
