/** The weekly plan: asking for one, its job, and waiting for it. */

import { agrees, ask, invoke } from './ask.js';
import { type Failure, failure } from './failure.js';
import { newest } from './newest.js';
import type { components } from './openapi.js';
import { millisecondsOf, type PlanJob, type ProfileSnapshot, planOf, type WeeklyPlan } from './rows.js';
import { supabase } from './supabase.js';
import { type WaitOptions, watch } from './watch.js';

type Schemas = components['schemas'];

/** What may go along with a request for a weekly plan. */
export type PlanJobOptions = Pick<
  Schemas['CreatePlanJobRequest'],
  'redo' | 'redoReason' | 'redoType' | 'sourcePlanId' | 'forceRegenerate' | 'idempotencyKey'
>;

/** What became of a request for a weekly plan; with `success: false` there is an `error` for a person. */
export interface CreatePlanJobResult {
  success: boolean;
  /** `created` and `redo_started` come with `jobId`, `existing` with `existingJobId`; `error`: it was refused or did not get through. */
  status:
    | (
        Schemas['PlanJobStarted'] | Schemas['PlanJobExisting'] | Schemas['PlanExists'] | Schemas['RedoBlocked']
      )['status']
    | 'error';
  jobId?: string;
  existingJobId?: string;
  existingPlanId?: string;
  existingPlanStatus?: string;
  redoAllowed?: boolean;
  error?: string;
  code?: string;
}

/** A job, its plan once it is completed, or why there is no answer. */
export interface JobStatusResult {
  success: boolean;
  job?: PlanJob;
  plan?: WeeklyPlan;
  error?: string;
  /** The job's error code, a refusal's code, or `TIMED_OUT`, `ABORTED`, `NOT_FOUND`. */
  code?: string;
}

const JOBS = 'plan_generation_jobs';
const TEN_MINUTES = 600_000;

/**
 * Asks for a weekly plan. Of several calls made while a job has not ended, one creates it and the others find it.
 *
 * @param user - The athlete: an object with the profile's fields.
 * @returns What the server answered; never throws.
 */
export async function createServerPlanJob(
  user: ProfileSnapshot | object,
  options: PlanJobOptions = {},
): Promise<CreatePlanJobResult> {
  try {
    return await invoke<CreatePlanJobResult>('create-plan-job', { ...options, profileSnapshot: user });
  } catch (thrown) {
    return { success: false, status: 'error', ...(await failure(thrown)) };
  }
}

/** As `createServerPlanJob`, then nudges the queue, for a backend that has no workers of its own. */
export async function createAndTriggerServerPlanJob(
  user: ProfileSnapshot | object,
  options?: PlanJobOptions,
): Promise<CreatePlanJobResult> {
  const result = await createServerPlanJob(user, options);
  if (result.success) {
    void triggerQueueProcessing();
  }
  return result;
}

/** Nudges the queue. @returns Whether somebody is there to work on it. */
export async function triggerQueueProcessing(): Promise<boolean> {
  return invoke<{ success: boolean }>('process-plan-queue', {}).then(
    (answer) => answer.success,
    () => false,
  );
}

/** Whether plans can be made on the server now. Needs no user. */
export async function isServerGenerationAvailable(): Promise<boolean> {
  return invoke<{ success: boolean }>('create-plan-job', { healthCheck: true }).then(
    (answer) => answer.success,
    () => false,
  );
}

interface JobState {
  job: PlanJob;
  plan?: WeeklyPlan;
}

async function read(jobId: string): Promise<JobState | null> {
  const job = await ask<PlanJob | null>(supabase().from(JOBS).select('*').eq('id', jobId).maybeSingle());
  if (job?.status !== 'completed' || job.result_plan_id === null) {
    return job && { job };
  }
  const row = await ask<Schemas['WeeklyBasePlan'] | null>(
    supabase().from('weekly_base_plans').select('*').eq('id', job.result_plan_id).maybeSingle(),
  );
  return row ? { job, plan: planOf(row) } : { job };
}

const missing: Failure = { error: 'There is no such plan job.', code: 'NOT_FOUND' };

/** The job as it is now, and its plan once it is completed. `success` says whether it could be read. Never throws. */
export async function getJobStatus(jobId: string): Promise<JobStatusResult> {
  try {
    const state = await read(jobId);
    return state ? { success: true, ...state } : { success: false, ...missing };
  } catch (thrown) {
    return { success: false, ...(await failure(thrown)) };
  }
}

/** This user's pending or processing job, or null. */
export async function getActiveJob(): Promise<PlanJob | null> {
  return newest<PlanJob>(JOBS, (jobs) => jobs.in('status', ['pending', 'processing']));
}

/** This user's newest job of the last ten minutes, ended or not, or null. */
export async function getMostRecentJob(): Promise<PlanJob | null> {
  const since = new Date(Date.now() - TEN_MINUTES).toISOString();
  return newest<PlanJob>(JOBS, (jobs) => jobs.gte('created_at', since));
}

/**
 * Waits until the job has ended: by Realtime, and by asking again where that is away. Survives sleep and lost connections.
 *
 * @param onProgress - Called with the job as it is and on each change.
 * @param maxWaitMs - Ten minutes by default.
 * @returns The completed job with its plan; `success: false` when it failed, does not exist, or the waiting ended first,
 * with what was known last. Never throws.
 */
export async function waitForJobCompletion(
  jobId: string,
  onProgress?: (job: PlanJob) => void,
  maxWaitMs = TEN_MINUTES,
  options: WaitOptions = {},
): Promise<JobStatusResult> {
  try {
    const { reason, state } = await watch({
      ...options,
      table: JOBS,
      filter: `id=eq.${jobId}`,
      read: () => read(jobId),
      isEnded: ({ job }) => job.status === 'completed' || job.status === 'failed',
      onChange: onProgress && (({ job }) => onProgress(job)),
      maxWaitMs,
    });
    if (reason === 'missing') {
      return { success: false, ...missing };
    }
    if (reason !== 'ended' || !state) {
      return { success: false, ...state, ...unfinished(reason) };
    }
    const { job } = state;
    return job.status === 'completed'
      ? { success: true, ...state }
      : {
          success: false,
          job,
          error: job.error_message ?? 'The plan could not be made.',
          code: job.error_code ?? 'UNKNOWN',
        };
  } catch (thrown) {
    return { success: false, ...(await failure(thrown)) };
  }
}

/** What is said when the waiting ended before the job. */
export function unfinished(reason: string): Failure {
  return reason === 'aborted'
    ? { error: 'The waiting was stopped; the plan is still being made.', code: 'ABORTED' }
    : { error: 'The plan is still being made. Please look again later.', code: 'TIMED_OUT' };
}

/** Whether nobody works on the job any more although it says so: it is processing, and its lock has lapsed. */
export function isJobStuck(job: Pick<PlanJob, 'status' | 'locked_until'>): boolean {
  return job.status === 'processing' && job.locked_until !== null && millisecondsOf(job.locked_until) < Date.now();
}

/** Gives a stuck job back to the queue. @returns Whether it is pending again; false while it is worked on, or when its retries are spent. */
export async function resetStuckJob(jobId: string): Promise<boolean> {
  return agrees('reset_stuck_plan_job', { p_job_id: jobId });
}

/** Ends the job now. @returns Whether it did; false when it had ended already. */
export async function cancelJob(jobId: string): Promise<boolean> {
  return agrees('cancel_plan_job', { p_job_id: jobId });
}
