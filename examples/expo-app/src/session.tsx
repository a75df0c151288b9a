/** Who is signed in. */

import type { Session } from '@supabase/supabase-js';
import { createContext, type PropsWithChildren, useContext, useEffect, useState } from 'react';
import { forgetThisPhone } from './notifications/push';
import { supabase } from './supabase';

/** `undefined` until the stored session was read; `null` when nobody is signed in. */
type Known = Session | null | undefined;

const SessionContext = createContext<Known>(undefined);

export function SessionProvider({ children }: PropsWithChildren) {
  const [session, setSession] = useState<Known>(undefined);
  useEffect(() => {
    const { data } = supabase.auth.onAuthStateChange((_event, now) => setSession(now));
    return () => data.subscription.unsubscribe();
  }, []);
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}

export function useSession(): Known {
  return useContext(SessionContext);
}

/** Signs out, and leaves no push of this user on this phone. */
export async function signOut(): Promise<void> {
  await forgetThisPhone();
  await supabase.auth.signOut();
}
