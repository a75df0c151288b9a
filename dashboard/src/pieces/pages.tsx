// A list that comes in pages: its rows so far, and a button for more.

import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Paged } from '../api/ask';
import { Loaded } from './loaded';
import './pages.css';

interface Shown<T> {
  query: UseInfiniteQueryResult<InfiniteData<Paged<T>>>;
  /** In place of a list without rows. */
  empty: ReactNode;
  children: (rows: T[]) => ReactNode;
}

export function Pages<T>({ query, empty, children }: Shown<T>) {
  return (
    <Loaded query={query}>
      {(data) => {
        const rows = data.pages.flatMap((page) => page.data);
        return (
          <>
            {rows.length > 0 && children(rows)}
            {rows.length === 0 && !query.hasNextPage && empty}
            {query.hasNextPage && (
              <div className="pages-more">
                {rows.length === 0 && <p>Nothing among the newest thousands. Older ones have not been looked at yet.</p>}
                <button type="button" className="button" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {query.isFetchingNextPage ? 'Reading…' : 'Load more'}
                </button>
              </div>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
