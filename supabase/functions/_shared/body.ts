// Reading a request's body: bounded in size, then as one JSON object.

import type { Json, JsonObject } from "./answering.ts";
import { invalidRequest, Refused } from "./refused.ts";

const KIB = 1024;
const LIMIT = 256 * KIB;

/** How much of a body that is too large is still taken in: a client that is cut off while it sends may never read why. */
const DRAIN_LIMIT = 4 * KIB * KIB;

/** As deep as Mesocycle's own server reads JSON. */
const DEEPEST = 127;

/** The whole body; throws 413 over 256 KiB, whether or not a `Content-Length` said so. */
export async function read(request: Request): Promise<Uint8Array> {
  const tooLarge = new Refused(413, "PAYLOAD_TOO_LARGE", "The body is too large. It may have at most 256 KiB.");
  if (Number(request.headers.get("content-length")) > DRAIN_LIMIT) {
    throw tooLarge;
  }
  const bytes = new Uint8Array(LIMIT);
  let length = 0;
  try {
    for await (const chunk of request.body ?? []) {
      if (length + chunk.length <= LIMIT) {
        bytes.set(chunk, length);
      }
      length += chunk.length;
      if (length > DRAIN_LIMIT) {
        break;
      }
    }
  } catch {
    throw invalidRequest("The body broke off. Send it again.");
  }
  if (length > LIMIT) {
    throw tooLarge;
  }
  return bytes.subarray(0, length);
}

/** The bytes as a JSON object, or why they are none; nothing at all is `{}`. */
export function parse(bytes: Uint8Array): JsonObject | Refused {
  const invalid = (sentence: string) => new Refused(400, "INVALID_JSON", sentence);
  let value: Json;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = /^[\t\n\f\r ]*$/.test(text) ? {} : JSON.parse(text);
  } catch {
    return invalid("The body is not valid JSON. Send a JSON object.");
  }
  if (!isReadable(value, DEEPEST)) {
    return invalid("The body is not valid JSON. Send a JSON object.");
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return invalid("The body must be a JSON object.");
  }
  if (hasNul(value)) {
    return invalid("A text in the body holds the character U+0000, which cannot be stored. Leave it out.");
  }
  return value;
}

/** No number that is none, no half of a surrogate pair, and not deeper than `depth`. */
function isReadable(value: Json, depth: number): boolean {
  if (typeof value === "number") {
    return Number.isFinite(value);
  }
  if (typeof value === "string") {
    return value.isWellFormed();
  }
  if (value === null || typeof value !== "object") {
    return true;
  }
  return depth > 0 &&
    Object.entries(value).every(([name, item]) => name.isWellFormed() && isReadable(item, depth - 1));
}

/** Whether a text or a key anywhere holds U+0000, which is fine in JSON and impossible in `jsonb`. */
function hasNul(value: Json): boolean {
  if (typeof value === "string") {
    return value.includes("\0");
  }
  return value !== null && typeof value === "object" &&
    Object.entries(value).some(([name, item]) => name.includes("\0") || hasNul(item));
}
