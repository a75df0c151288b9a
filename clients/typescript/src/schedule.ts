/** A new weekly plan by the clock: every Sunday at 18:00 where the athlete is. */

import { invoke } from './ask.js';
import { failure } from './failure.js';
import { newest } from './newest.js';
import type { components } from './openapi.js';

type Answer = components['schemas']['ScheduleRegenerationAnswer'];

/** A row of `plan_schedules`: the user's only one. */
export type PlanSchedule = components['schemas']['PlanSchedule'];

/** When plans are to be made. */
export interface ScheduleParameters {
  /** Minute, hour, day of month, month, day of week: `0 18 * * SUN`. */
  cron: string;
  /** An IANA name. The device's own by default. */
  timeZone?: string;
  /** False turns the schedule off and keeps it. */
  enabled?: boolean;
}

/** What became of it. */
export interface ScheduleResult {
  success: boolean;
  status: Answer['status'] | 'error';
  /** The next time that will make a plan; null when the schedule is off. */
  nextAt?: string | null;
  error?: string;
  /** Such as `NO_PROFILE`: ask for a first plan before. */
  code?: string;
}

/** Sets the user's schedule. Each time makes a plan of the profile that was asked with last. Never throws. */
export async function scheduleRegeneration(parameters: ScheduleParameters): Promise<ScheduleResult> {
  try {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const answer = await invoke<Answer>('schedule-regeneration', { timeZone, ...parameters });
    return { success: true, status: answer.status, nextAt: answer.next_at };
  } catch (thrown) {
    return { success: false, status: 'error', ...(await failure(thrown)) };
  }
}

/** The user's schedule as it stands; null when there is none or it cannot be read. */
export async function getPlanSchedule(): Promise<PlanSchedule | null> {
  return newest<PlanSchedule>('plan_schedules', (schedules) => schedules);
}
