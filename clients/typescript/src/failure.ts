/** What went wrong, from whichever part of supabase-js it comes, as a sentence for a person and a code for a program. */

/** A sentence for a person, and where it is known a code such as `TOO_MANY_REQUESTS`. */
export interface Failure {
  error: string;
  code?: string;
}

/** Reads a refusal's body, a database's error or any thrown value. Never throws. */
export async function failure(thrown: unknown): Promise<Failure> {
  const { context, message, details, code } = Object(thrown);
  // functions.invoke: the answer itself is the error's context, its message says nothing.
  if (typeof context?.json === 'function') {
    const body = Object(await context.json().catch(() => undefined));
    if (typeof body.error === 'string') {
      return { error: body.error, code: body.code };
    }
  }
  // A function of the database that refuses puts its code into the details: PT409, JOB_NOT_STUCK.
  const ours = typeof code === 'string' && code.startsWith('PT');
  return {
    error: typeof message === 'string' && message !== '' ? message : 'Something went wrong. Please try again.',
    code: ours ? details : code || undefined,
  };
}
