// Who asks, and what: the steps that every function begins with, in the order in which a refusal comes.

import type { JsonObject } from "./answering.ts";
import { parse, read } from "./body.ts";
import { type Caller, callerOf } from "./caller.ts";
import { requireKnown } from "./data_api.ts";
import { Refused } from "./refused.ts";

/** The body's fields as `fieldsOf` reads them. 413 comes first, then 401, then what is wrong with the body. */
export async function asked<Fields>(
  request: Request,
  fieldsOf: (body: JsonObject, caller: Caller) => Fields,
): Promise<{ caller: Caller; fields: Fields }> {
  return await askedIn(parse(await read(request)), request, fieldsOf);
}

/** The same of a body that has been read. */
export async function askedIn<Fields>(
  body: JsonObject | Refused,
  request: Request,
  fieldsOf: (body: JsonObject, caller: Caller) => Fields,
): Promise<{ caller: Caller; fields: Fields }> {
  const caller = callerOf(request.headers);
  try {
    if (body instanceof Refused) {
      throw body;
    }
    return { caller, fields: fieldsOf(body, caller) };
  } catch (refused) {
    await requireKnown(caller);
    throw refused;
  }
}
