/** The app's own supabase-js client, which everything here goes through. */

import type { SupabaseClient } from '@supabase/supabase-js';

/** A supabase-js client of any database type and version from 2.50 on. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the app's database type is its own affair
export type Supabase = SupabaseClient<any, any, any>;

let client: Supabase | undefined;

/**
 * Gives every function of this package its client. Call it once, when the app starts.
 *
 * @param supabase - The app's client, as `createClient` returned it; sign-in, storage and headers stay the app's.
 */
export function init(supabase: Supabase): void {
  client = supabase;
}

/** The client that `init` was given. Throws before that. */
export function supabase(): Supabase {
  if (client === undefined) {
    throw new Error('Call init(supabase) of @mesocycle/client before anything else.');
  }
  return client;
}
