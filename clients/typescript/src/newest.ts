/** The newest row of a user's own. */

import { ask } from './ask.js';
import { supabase } from './supabase.js';

/** The signed-in user, where supabase-js keeps the session; an app with tokens of its own has none here. */
async function userId(): Promise<string | undefined> {
  try {
    const { data } = await supabase().auth.getSession();
    return data.session?.user.id;
  } catch {
    return undefined;
  }
}

/**
 * The newest row of `table` that `only` lets through; null when there is none or it could not be read.
 *
 * Row level security shows a user's own rows alone; the user is named besides, since an app's own policy may show a
 * trainer those of others.
 */
export async function newest<Row>(table: string, only: (rows: Rows) => Rows): Promise<Row | null> {
  try {
    const user = await userId();
    const rows: Rows = supabase().from(table).select('*');
    const own = user === undefined ? rows : rows.eq('user_id', user);
    return await ask<Row | null>(only(own).order('created_at', { ascending: false }).limit(1).maybeSingle());
  } catch {
    return null;
  }
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each version of supabase-js names the type of a query in another way
type Rows = any;
