/** The list in the app: rows of `user_notifications`, whose `read` is the user's to set. */

import { supabase } from '../supabase';

export interface Notification {
  id: string;
  title: string;
  body: string;
  data: unknown;
  read: boolean;
  created_at: string;
}

/** The newest fifty. Throws where they cannot be read. */
export async function readNotifications(): Promise<Notification[]> {
  const { data } = await supabase
    .from('user_notifications')
    .select('id, title, body, data, read, created_at')
    .order('created_at', { ascending: false })
    .limit(50)
    .overrideTypes<Notification[], { merge: false }>()
    .throwOnError();
  return data;
}

export async function countUnread(): Promise<number> {
  const { count } = await supabase
    .from('user_notifications')
    .select('id', { count: 'exact', head: true })
    .eq('read', false)
    .throwOnError();
  return count ?? 0;
}

/** Marks one as read, or all. */
export async function markRead(id?: string): Promise<void> {
  const unread = supabase.from('user_notifications').update({ read: true }).eq('read', false);
  await (id === undefined ? unread : unread.eq('id', id)).throwOnError();
}
