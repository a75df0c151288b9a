// Figures of a window of time: overview, costs, errors.

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { read, type List } from './ask';
import type { QueueRow } from './queues';

export const WINDOWS = ['1h', '24h', '7d', '30d', '90d'] as const;
export type Window = (typeof WINDOWS)[number];

export interface Totals {
  kind: string | null;
  succeeded: number;
  failed: number;
  cancelled: number;
  mean_seconds: number | null;
  p50_seconds: number | null;
  p95_seconds: number | null;
}

/** What ended within an hour, or a day. */
export interface Ended {
  at: string;
  kind: string;
  succeeded: number;
  failed: number;
  cancelled: number;
}

/** What was spent within a day. */
export interface Spent {
  at: string;
  kind: string;
  model: string;
  calls: number;
  input_tokens: number;
  output_tokens: number;
  /** Micro-dollars. */
  cost: number;
}

export interface Overview {
  window_hours: number;
  uncounted: number;
  workers_alive: number;
  all: Totals | null;
  kinds: Totals[];
  ended: Ended[];
  spent: Spent[];
  queues: QueueRow[];
}

export interface ErrorGroup {
  code: string;
  kind: string;
  failed: number;
  retried: number;
  first_at: string;
  last_at: string;
  last_task: string | null;
}

// What was shown stays while another window is read. Ends that are known and not yet counted are so within seconds, of which
// nobody tells.
export const overviewQuery = (window: Window) =>
  queryOptions({
    queryKey: ['overview', window],
    queryFn: ({ signal }) => read<Overview>('/overview', { window }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.uncounted === 0 ? 30_000 : 1_000),
  });

export const costsQuery = (window: Window) =>
  queryOptions({
    queryKey: ['costs', window],
    queryFn: ({ signal }) => read<List<Spent>>('/costs', { window }, signal),
    placeholderData: keepPreviousData,
  });

export const errorsQuery = (window: Window) =>
  queryOptions({
    queryKey: ['errors', window],
    queryFn: ({ signal }) => read<List<ErrorGroup>>('/errors', { window }, signal),
    placeholderData: keepPreviousData,
  });

export const HOURS: Record<Window, number> = { '1h': 1, '24h': 24, '7d': 168, '30d': 720, '90d': 2160 };

/** What an address says of a window; nothing where it says nothing sensible. */
export function windowOf(search: Record<string, unknown>): { window?: Window } {
  const window = WINDOWS.find((each) => each === search.window);
  return window ? { window } : {};
}
