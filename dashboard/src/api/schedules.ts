// What is started by the clock.

import { queryOptions } from '@tanstack/react-query';
import { act, read, type List } from './ask';

export type Misfire = 'skip' | 'one' | 'all';

export interface Schedule {
  name: string;
  kind: string;
  input: unknown;
  cron: string;
  time_zone: string;
  misfire: Misfire;
  misfire_cap: number;
  enabled: boolean;
  next_at: string;
  next_fires: string[];
  last_at: string | null;
  missed: number;
}

export interface ScheduleWrite {
  kind: string;
  input: unknown;
  cron: string;
  time_zone: string;
  misfire: Misfire;
  misfire_cap?: number;
}

export const schedulesQuery = queryOptions({
  queryKey: ['schedules'],
  queryFn: ({ signal }) => read<List<Schedule>>('/schedules', {}, signal),
});

const of = (name: string) => `/schedules/${encodeURIComponent(name)}`;

export const writeSchedule = (name: string, schedule: ScheduleWrite) => act<unknown>('PUT', of(name), schedule);
export const removeSchedule = (name: string) => act<unknown>('DELETE', of(name));
export const pauseSchedule = (name: string) => act<unknown>('POST', `${of(name)}/pause`, {});
export const resumeSchedule = (name: string) => act<unknown>('POST', `${of(name)}/resume`, {});
export const runSchedule = (name: string) => act<{ task: string }>('POST', `${of(name)}/run`, {});
