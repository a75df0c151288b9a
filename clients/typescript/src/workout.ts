/** The workout plan of eight weeks: asking for one in words, and waiting for it. */

import { agrees, ask, invoke } from './ask.js';
import { failure } from './failure.js';
import { unfinished } from './jobs.js';
import { newest } from './newest.js';
import type { components } from './openapi.js';
import type { WorkoutPlanRequest } from './rows.js';
import { supabase } from './supabase.js';
import { type WaitOptions, watch } from './watch.js';

type Answer = components['schemas']['TriggerWorkoutPlanAnswer'];

/** What is asked for. */
export interface WorkoutPlanParameters {
  /** The athlete in their own words, at most 20,000 characters. */
  userProfile: string;
  /** A note on style; it never replaces safety rules. */
  systemPrompt?: string;
  /** Decides on which Monday week 1 starts. The device's own by default. */
  timeZone?: string;
  /** The same key with the same body gets the same answer for 24 hours. */
  idempotencyKey?: string;
}

/** What became of the request. */
export interface GenerateWorkoutPlanResult {
  success: boolean;
  status: 'processing' | 'error';
  requestId?: string;
  message?: string;
  error?: string;
  code?: string;
}

/** How the request ended. */
export interface WorkoutPlanResult {
  success: boolean;
  request?: WorkoutPlanRequest;
  /** `workout_plans.id`. */
  workoutPlanId?: string;
  error?: string;
  /** The request's error code, or `TIMED_OUT`, `ABORTED`, `NOT_FOUND`. */
  code?: string;
}

const REQUESTS = 'workout_plan_requests';

/** Asks for a workout plan. While a request of this user is running, every further call gets that one. Never throws. */
export async function generateWorkoutPlan(parameters: WorkoutPlanParameters): Promise<GenerateWorkoutPlanResult> {
  try {
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const answer = await invoke<Answer>('trigger-workout-plan', { timeZone, ...parameters });
    return { success: true, status: answer.status, requestId: answer.request_id, message: answer.message };
  } catch (thrown) {
    return { success: false, status: 'error', ...(await failure(thrown)) };
  }
}

/** This user's request that is being worked on, or null. */
export async function getActiveWorkoutPlanRequest(): Promise<WorkoutPlanRequest | null> {
  return newest<WorkoutPlanRequest>(REQUESTS, (requests) => requests.eq('status', 'processing'));
}

/**
 * Waits until the request has ended, as `waitForJobCompletion` does.
 *
 * @param onProgress - Called with the request as it is and on each change: `current_step` of `total_steps`, `step_description`, …
 * @param maxWaitMs - Ten minutes by default.
 * @returns The plan's id; `success: false` when it failed, does not exist, or the waiting ended first. Never throws.
 */
export async function waitForWorkoutPlan(
  requestId: string,
  onProgress?: (request: WorkoutPlanRequest) => void,
  maxWaitMs = 600_000,
  options: WaitOptions = {},
): Promise<WorkoutPlanResult> {
  try {
    const { reason, state } = await watch<WorkoutPlanRequest>({
      ...options,
      table: REQUESTS,
      filter: `request_id=eq.${requestId}`,
      read: () => ask(supabase().from(REQUESTS).select('*').eq('request_id', requestId).maybeSingle()),
      isEnded: (request) => request.status !== 'processing',
      onChange: onProgress,
      maxWaitMs,
    });
    if (reason === 'missing') {
      return { success: false, error: 'There is no such workout plan request.', code: 'NOT_FOUND' };
    }
    if (reason !== 'ended' || !state) {
      return { success: false, ...(state && { request: state }), ...unfinished(reason) };
    }
    return state.status === 'completed' && state.workout_plan_id !== null
      ? { success: true, request: state, workoutPlanId: state.workout_plan_id }
      : {
          success: false,
          request: state,
          error: state.error_message ?? 'The plan could not be made.',
          code: state.error_code ?? 'UNKNOWN',
        };
  } catch (thrown) {
    return { success: false, ...(await failure(thrown)) };
  }
}

/** Ends the request now. @returns Whether it did; false when it had ended already. */
export async function cancelWorkoutPlan(requestId: string): Promise<boolean> {
  return agrees('cancel_workout_plan_request', { p_request_id: requestId });
}
