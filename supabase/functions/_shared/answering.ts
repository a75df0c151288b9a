// What every function shares with a browser and a client: methods, CORS, JSON, the envelope of a refusal.

import { internal, Refused } from "./refused.ts";

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [name: string]: Json };

/** How a refusal is worded: flow A says `success: false`, flow B does not. */
export type Envelope = (refused: Refused) => JsonObject;

export const withSuccess: Envelope = (refused) => ({ success: false, error: refused.message, code: refused.code });
export const bare: Envelope = (refused) => ({ error: refused.message, code: refused.code });

/** Makes a handler of `Deno.serve` from what answers a POST with JSON, or throws `Refused`. */
export function answering(answer: (request: Request) => Promise<Json>, envelope: Envelope) {
  return async (request: Request): Promise<Response> => {
    if (request.method === "OPTIONS") {
      return preflight(request);
    }
    try {
      if (request.method !== "POST") {
        throw new Refused(
          405,
          "METHOD_NOT_ALLOWED",
          "This address does not take that method. The Allow header names those that it takes.",
        );
      }
      return respond(200, await answer(request));
    } catch (error) {
      const refused = error instanceof Refused ? error : unexpected(error);
      return respond(refused.status, envelope(refused));
    }
  };
}

/** The error's own text may quote anything, so its name alone is logged. */
function unexpected(error: unknown): Refused {
  console.error("a function failed:", error instanceof Error ? error.name : typeof error);
  return internal();
}

function preflight(request: Request): Response {
  const headers = new Headers({
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS",
    "access-control-max-age": "86400",
    "vary": "access-control-request-headers",
    "x-request-id": crypto.randomUUID(),
    "allow": "POST",
  });
  const asked = request.headers.get("access-control-request-headers");
  if (asked !== null) {
    headers.set("access-control-allow-headers", asked);
  }
  return new Response(null, { status: 200, headers });
}

function respond(status: number, body: Json): Response {
  const headers = new Headers({
    "content-type": "application/json",
    "access-control-allow-origin": "*",
    "access-control-expose-headers":
      "content-range,content-location,retry-after,preference-applied,x-relay-error,x-request-id",
    "vary": "access-control-request-headers",
    "x-request-id": crypto.randomUUID(),
  });
  if (status === 401) {
    headers.set("www-authenticate", "Bearer");
  } else if (status === 405) {
    headers.set("allow", "POST");
  } else if (status === 503) {
    headers.set("retry-after", "5");
  }
  return new Response(JSON.stringify(body), { status, headers });
}
