/** Where this phone's pushes go: rows of `push_tokens`, which row level security keeps to their user. */

import type { SupabaseClient } from '@supabase/supabase-js';

/** What is needed of the app's client. */
type Supabase = Pick<SupabaseClient, 'auth' | 'from'>;

/**
 * Registers a phone for the user who is signed in; again and again does no harm. A phone has one owner at a time: the database
 * disables the same token of everybody else.
 *
 * @param token - As Expo gave it, `ExponentPushToken[…]`.
 * @returns A sentence on what went wrong, or undefined.
 */
export async function registerToken(
  supabase: Supabase,
  token: string,
  deviceInfo: Record<string, unknown>,
): Promise<string | undefined> {
  const { data } = await supabase.auth.getSession();
  const userId = data.session?.user.id;
  if (!userId) {
    return 'Sign in first.';
  }
  const row = { user_id: userId, token, device_info: deviceInfo, updated_at: new Date().toISOString() };
  const { error } = await supabase.from('push_tokens').upsert(row, { onConflict: 'user_id,token' });
  return error ? 'This phone could not be registered. Please try again later.' : undefined;
}

/** Ends this user's pushes to a phone, at sign-out. */
export async function forgetToken(supabase: Supabase, token: string): Promise<void> {
  await supabase.from('push_tokens').delete().eq('token', token);
}
