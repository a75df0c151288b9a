// Queues, workers and the budgets of providers.

import { queryOptions } from '@tanstack/react-query';
import { act, read, type List } from './ask';

export interface QueueRow {
  name: string;
  max_running: number | null;
  max_per_key: number | null;
  paused_at: string | null;
  paused_because: string | null;
  ready: number;
  waiting: number;
  parked: number;
  running: number;
  oldest_seconds: number | null;
  has_worker: boolean;
}

export interface Queues extends List<QueueRow> {
  /** The limit of all queues together. */
  max_running: number | null;
}

export interface Limit {
  max_running: number | null;
  max_per_key: number | null;
}

export interface WorkerRow {
  name: string;
  queues: string[];
  external: boolean;
  started_at: string;
  lease_until: string | null;
  alive: boolean;
  running: number;
}

export interface Budget {
  name: string;
  requests: number | null;
  input_tokens: number | null;
  output_tokens: number | null;
  concurrent: number | null;
  at_work: number;
  blocked_until: string | null;
  free_at: string | null;
}

/** A worker that does not ask a provider for a while. */
export interface OpenBreaker {
  provider: string;
  worker: string;
  code: string;
  opened_at: string;
  open_until: string;
  /** That time is over: the next call tries, and decides. */
  is_probing: boolean;
}

export interface Providers {
  budgets: Budget[];
  /** `used` in micro-dollars. */
  spent_today: { scope: string; used: number }[];
  open_breakers: OpenBreaker[];
}

export const queuesQuery = queryOptions({ queryKey: ['queues'], queryFn: ({ signal }) => read<Queues>('/queues', {}, signal) });
export const workersQuery = queryOptions({ queryKey: ['workers'], queryFn: ({ signal }) => read<List<WorkerRow>>('/workers', {}, signal) });
export const providersQuery = queryOptions({ queryKey: ['providers'], queryFn: ({ signal }) => read<Providers>('/providers', {}, signal) });

const of = (name: string) => `/queues/${encodeURIComponent(name)}`;

export const pauseQueue = (name: string, because: string) => act<unknown>('POST', `${of(name)}/pause`, because === '' ? {} : { because });
export const resumeQueue = (name: string) => act<unknown>('POST', `${of(name)}/resume`, {});
/** `name` `*`: all queues together. */
export const limitQueue = (name: string, limit: Limit) => act<unknown>('PUT', `${of(name)}/limit`, limit);
