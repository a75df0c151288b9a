// Who this page speaks as: the token of this start that `mesocycle dev` put into it, or an admin key that a person gave.

import { useSyncExternalStore } from 'react';

const KEPT = 'mesocycle admin key';

/** What the page was served with; empty unless `mesocycle dev` served it to this machine. */
const pageToken = document.querySelector<HTMLMetaElement>('meta[name="page-token"]')?.content ?? '';

interface Access {
  token: string | null;
  /** Why there is no way in now, for a person. */
  refused: string | null;
}

let access: Access = { token: pageToken || sessionStorage.getItem(KEPT), refused: null };
const listeners = new Set<() => void>();

function become(next: Access) {
  access = next;
  for (const listener of listeners) listener();
}

export function currentToken(): string | null {
  return access.token;
}

/** Keeps a key until this tab is closed. */
export function signIn(key: string) {
  sessionStorage.setItem(KEPT, key);
  become({ token: key, refused: null });
}

export function signOut() {
  sessionStorage.removeItem(KEPT);
  become({ token: null, refused: null });
}

/** To be called when the server did not know this token. */
export function refuse(token: string, sentence: string) {
  if (access.token !== token) return;
  sessionStorage.removeItem(KEPT);
  become({
    token: null,
    refused: token === pageToken ? 'Mesocycle was started anew since this page was opened. Load it again.' : sentence,
  });
}

export function isKeyed(): boolean {
  return pageToken === '';
}

export function useAccess(): Access {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => access,
  );
}
