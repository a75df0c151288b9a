// Tasks, which the pages call runs: lists, one, and what can be done with them.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { act, read, type Paged } from './ask';

export const STATES = ['ready', 'waiting', 'parked', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type State = (typeof STATES)[number];

export const ENDED: readonly State[] = ['succeeded', 'failed', 'cancelled'];

/** Where a retry does something. */
export const RETRIED: readonly State[] = ['waiting', 'parked', 'failed', 'cancelled'];

export interface TaskRow {
  id: string;
  kind: string;
  queue: string;
  lane: number;
  user: string | null;
  state: State;
  reason: string | null;
  worker: string | null;
  retries: number;
  losses: number;
  max_retries: number;
  created_at: string;
  due_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  /** From acceptance to the end, or till now. */
  seconds: number | null;
  error_code: string | null;
  /** Micro-dollars. */
  cost: number;
  replay_of: string | null;
}

export interface Attempt {
  attempt: number;
  worker: string | null;
  started_at: string | null;
  ended_at: string | null;
  outcome: string;
  error_code: string | null;
  error_message: string | null;
}

export interface Usage {
  input_tokens?: number;
  output_tokens?: number;
  [name: string]: unknown;
}

export interface Step {
  name: string;
  state: string;
  sent: number;
  repeats: number;
  resumed: number;
  has_handle: boolean;
  estimate: number;
  cost: number;
  usage: Usage | null;
  model: string;
  started_at: string;
  ended_at: string | null;
  deadline: string | null;
  /** With reveal only. */
  output?: unknown;
  partial?: unknown;
}

export interface TaskEvent {
  id: number;
  at: string;
  type: string;
  data: unknown;
}

export interface Related {
  step: string | null;
  id: string;
  kind: string;
  outcome: string | null;
  error_code: string | null;
  done: boolean;
  tolerated: boolean;
}

export interface TaskDetail extends TaskRow {
  why: string;
  input: unknown;
  output: unknown;
  error_message: string | null;
  deadline: string | null;
  attempts: Attempt[];
  steps: Step[];
  events: TaskEvent[];
  children: Related[];
  parents: Related[];
  /** With reveal only. */
  asked?: Record<string, unknown> | null;
}

export interface TaskFilter {
  kind?: string;
  state?: State;
  queue?: string;
  user?: string;
  since?: string;
  until?: string;
  error_code?: string;
  /** Micro-dollars. */
  min_cost?: number;
  text?: string;
}

export interface Bulk {
  id: string;
  action: 'cancel' | 'retry';
  state: State;
  why: string;
  done: number;
  refused: number;
}

export const tasksQuery = (filter: TaskFilter) =>
  infiniteQueryOptions({
    queryKey: ['tasks', filter],
    queryFn: ({ pageParam, signal }) => read<Paged<TaskRow>>('/tasks', { ...filter, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const taskQuery = (id: string) =>
  queryOptions({ queryKey: ['task', id], queryFn: ({ signal }) => read<TaskDetail>(`/tasks/${id}`, {}, signal) });

/** With what was asked and answered. Read once and not kept, since each look is noted. */
export const revealedQuery = (id: string) =>
  queryOptions({
    queryKey: ['revealed', id],
    queryFn: ({ signal }) => read<TaskDetail>(`/tasks/${id}`, { reveal: 1 }, signal),
    staleTime: Infinity,
    gcTime: 0,
  });

export const bulkQuery = (id: string) =>
  queryOptions({ queryKey: ['bulk', id], queryFn: ({ signal }) => read<Bulk>(`/bulk/${id}`, {}, signal) });

interface GoesOn {
  /** The one that goes on. */
  task: string;
}

export const cancelTask = (id: string) => act<GoesOn>('POST', `/tasks/${id}/cancel`, {});
export const retryTask = (id: string) => act<GoesOn>('POST', `/tasks/${id}/retry`, {});
export const replayTask = (id: string, fromStep?: string) =>
  act<GoesOn>('POST', `/tasks/${id}/replay`, fromStep === undefined ? {} : { from_step: fromStep });
export const startBulk = (action: Bulk['action'], filter: TaskFilter) => act<{ id: string }>('POST', '/bulk', { action, filter });
