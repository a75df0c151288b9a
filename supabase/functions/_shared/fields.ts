// A body's fields, checked for their type before SQL reads them.

import type { Json, JsonObject } from "./answering.ts";
import type { Caller } from "./caller.ts";
import { invalidRequest } from "./refused.ts";

/** What a field must be, and how that is said. */
export type Kind = { fits: (value: Json) => boolean; described: string };

export const FLAG: Kind = { fits: (value) => typeof value === "boolean", described: "true or false" };
export const TEXT: Kind = { fits: (value) => typeof value === "string", described: "a text" };
export const UUID: Kind = {
  fits: (value) =>
    typeof value === "string" && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value),
  described: 'a uuid such as "6f1c2a34-5b67-4c89-9d01-23456789abcd"',
};
export const oneOf = (...names: string[]): Kind => ({
  fits: (value) => typeof value === "string" && names.includes(value),
  described: `one of ${names.join(", ")}`,
});

/**
 * The fields that are there, and the idempotency key from body or header; `userId` only from the service role. `null`
 * counts as absent, unknown fields are passed over. Throws 400 that names the field and what it must be.
 */
export function collect(
  kinds: Record<string, Kind>,
  body: JsonObject,
  headers: Headers,
  caller: Caller,
): JsonObject {
  const known = { ...kinds, idempotencyKey: TEXT, ...(caller.isService ? { userId: UUID } : {}) };
  const fields: JsonObject = {};
  for (const [name, kind] of Object.entries(known)) {
    const value = body[name] ?? null;
    if (value === null) {
      continue;
    }
    if (!kind.fits(value)) {
      throw invalidRequest(`${name} must be ${kind.described}.`);
    }
    fields[name] = value;
  }
  const key = headers.get("idempotency-key");
  if (fields.idempotencyKey === undefined && key !== null) {
    if (!/^[\t\x20-\x7e]*$/.test(key)) {
      throw invalidRequest("The header Idempotency-Key must be plain ASCII text.");
    }
    fields.idempotencyKey = key;
  }
  return fields;
}
