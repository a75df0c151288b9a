// The end of a form: for whom, what was wrong, go.

import { useState } from 'react';
import type { Wish } from '../../api/playground';

/** Starts what a form says, and knows how that went. */
export interface Starter {
  start: (wish: Wish) => void;
  isStarting: boolean;
  /** Why it was refused, for a person. */
  refused: string | null;
  user: string;
  setUser: (user: string) => void;
}

export function Submit({ label, wrong, starter }: { label: string; wrong: string | null; starter: Starter }) {
  const [isNamed, setNamed] = useState(starter.user !== '');
  return (
    <>
      <details open={isNamed} onToggle={(event) => setNamed(event.currentTarget.open)}>
        <summary className="quiet">For whom</summary>
        <label className="field play-user">
          <span>User (whole id)</span>
          <input
            className="input mono"
            value={starter.user}
            spellCheck={false}
            placeholder="the playground’s own"
            onChange={(event) => starter.setUser(event.target.value)}
          />
          <small>
            Empty: the playground’s own user. Beside Supabase plans belong to accounts, so name one of the project’s users there. The plan
            is really made for that user, who is told of it.
          </small>
        </label>
      </details>
      {(wrong ?? starter.refused) && (
        <p className="refused" role="alert">
          {wrong ?? starter.refused}
        </p>
      )}
      <button type="submit" className="button button-main play-start" disabled={starter.isStarting}>
        {label}
      </button>
    </>
  );
}
