// The answer of a query, or what stands in its place: that it is being read, or why it cannot be.

import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import './loaded.css';

type Asked<T> = Pick<UseQueryResult<T>, 'data' | 'error' | 'isPending' | 'refetch'>;

export function Loaded<T>({ query, children }: { query: Asked<T>; children: (data: T) => ReactNode }) {
  return (
    <>
      {query.error && <Refused error={query.error} again={() => void query.refetch()} />}
      {query.isPending && !query.error && <p className="loading">Reading…</p>}
      {query.data !== undefined && children(query.data)}
    </>
  );
}

/** Why something cannot be shown, in words. */
export function Refused({ error, again }: { error: Error; again?: () => void }) {
  return (
    <div className="refused" role="alert">
      <span>{error.message}</span>
      {again && (
        <button type="button" className="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}
