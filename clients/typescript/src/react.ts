/** Hooks for React 18 and 19, also in React Native: a plan being made, as state. */

import { useCallback, useEffect, useRef, useState } from 'react';
import {
  type CreatePlanJobResult,
  cancelJob,
  createServerPlanJob,
  getActiveJob,
  isJobStuck,
  type JobStatusResult,
  type PlanJobOptions,
  resetStuckJob,
  waitForJobCompletion,
} from './jobs.js';
import {
  millisecondsOf,
  type PlanJob,
  type ProfileSnapshot,
  type WeeklyPlan,
  type WorkoutPlanRequest,
} from './rows.js';
import {
  cancelWorkoutPlan,
  type GenerateWorkoutPlanResult,
  generateWorkoutPlan,
  getActiveWorkoutPlanRequest,
  type WorkoutPlanParameters,
  type WorkoutPlanResult,
  waitForWorkoutPlan,
} from './workout.js';

/** What both hooks are told. */
export interface GenerationOptions {
  /** Whether a job that is running already, from before the app was closed, is found and followed. Default true. */
  resume?: boolean;
}

/** What `usePlanJob` is told. */
export interface PlanJobHookOptions extends GenerationOptions {
  /** The job to follow, ended or not, such as a route's parameter; without it the one that is running is found. */
  jobId?: string | undefined;
}

/** What `useWorkoutPlanGeneration` is told. */
export interface WorkoutPlanHookOptions extends GenerationOptions {
  /** The request to follow, ended or not, such as a route's parameter; without it the one that is running is found. */
  requestId?: string | undefined;
}

interface Following<Row, Result> {
  id?: string | undefined;
  isStarting?: boolean;
  row?: Row | undefined;
  result?: Result;
}

/** Follows one row at a time for as long as the component is there. */
function useFollowing<Row, Result>(
  given: string | undefined,
  resume: boolean,
  findActive: () => Promise<string | undefined>,
  wait: (id: string, onProgress: (row: Row) => void, signal: AbortSignal) => Promise<Result>,
) {
  const [following, setFollowing] = useState<Following<Row, Result>>({});
  const waiting = useRef<AbortController | undefined>(undefined);

  const follow = useCallback(async (id: string) => {
    waiting.current?.abort();
    const controller = new AbortController();
    waiting.current = controller;
    setFollowing((last) => (last.id === id ? { id, row: last.row } : { id }));
    const result = await wait(id, (row) => setFollowing({ id, row }), controller.signal);
    if (!controller.signal.aborted) {
      setFollowing((last) => ({ ...last, result }));
    }
  }, []);

  /** Asks for something new, and follows what it is told to. */
  const start = useCallback(async (begin: () => Promise<{ id: string | undefined; failure: Result }>) => {
    waiting.current?.abort();
    const controller = new AbortController();
    waiting.current = controller;
    setFollowing({ isStarting: true });
    const { id, failure } = await begin();
    if (!controller.signal.aborted) {
      id === undefined ? setFollowing({ result: failure }) : void follow(id);
    }
  }, []);

  useEffect(() => {
    let isGone = false;
    if (given !== undefined) {
      void follow(given);
    } else if (resume) {
      findActive().then((id) => {
        if (id !== undefined && !isGone && waiting.current === undefined) {
          void follow(id);
        }
      });
    }
    return () => {
      isGone = true;
      waiting.current?.abort();
      waiting.current = undefined;
    };
  }, [given]);

  return { following, follow, start };
}

/** What `usePlanJob` returns. */
export interface PlanJobState {
  /** `idle`: nothing was asked for, or the answer was no job. `starting`: the request is on its way. The others are the job's. */
  status: 'idle' | 'starting' | PlanJob['status'];
  job: PlanJob | undefined;
  /** Once it is completed. */
  plan: WeeklyPlan | undefined;
  /** A sentence for a person. */
  error: string | undefined;
  code: string | undefined;
  /** As `isJobStuck`: offer `reset`. */
  isStuck: boolean;
  /** Asks for a plan and follows its job, or the one that is running already. */
  generate(user: ProfileSnapshot | object, options?: PlanJobOptions): Promise<CreatePlanJobResult>;
  /** Ends the job. */
  cancel(): Promise<boolean>;
  /** Gives a stuck job back to the queue. */
  reset(): Promise<boolean>;
}

const waitForJob = (id: string, onProgress: (job: PlanJob) => void, signal: AbortSignal) =>
  waitForJobCompletion(id, onProgress, Number.POSITIVE_INFINITY, { signal });
const activeJob = async () => (await getActiveJob())?.id;

/** A weekly plan from the request to the plan. A job that was running when the app was opened is followed by itself. */
export function usePlanJob(options: PlanJobHookOptions = {}): PlanJobState {
  const { following, follow, start } = useFollowing<PlanJob, JobStatusResult>(
    options.jobId,
    options.resume ?? true,
    activeJob,
    waitForJob,
  );
  const { id, row, result } = following;
  const job = result?.job ?? row;

  const generate = useCallback(async (user: ProfileSnapshot | object, jobOptions?: PlanJobOptions) => {
    let answer: CreatePlanJobResult | undefined;
    await start(async () => {
      answer = await createServerPlanJob(user, jobOptions);
      return { id: answer.jobId ?? (answer.status === 'existing' ? answer.existingJobId : undefined), failure: answer };
    });
    return answer as CreatePlanJobResult;
  }, []);
  const act = async (action: (jobId: string) => Promise<boolean>) => {
    const isDone = id !== undefined && (await action(id));
    if (isDone) {
      void follow(id);
    }
    return isDone;
  };

  return {
    status: following.isStarting ? 'starting' : statusOf(job, result, id),
    job,
    plan: result?.plan,
    error: result?.error,
    code: result?.code,
    isStuck: useIsStuck(job),
    generate,
    cancel: () => act(cancelJob),
    reset: () => act(resetStuckJob),
  };
}

function statusOf(
  job: PlanJob | undefined,
  result: JobStatusResult | undefined,
  id: string | undefined,
): PlanJobState['status'] {
  if (result !== undefined && !result.success) {
    return 'failed';
  }
  return job?.status ?? (id === undefined ? 'idle' : 'pending');
}

/** `isJobStuck`, and drawn again when the lock lapses, which no change of the row tells. */
function useIsStuck(job: PlanJob | undefined): boolean {
  const [, drawAgain] = useState(0);
  const lapses =
    job?.status === 'processing' && job.locked_until !== null ? millisecondsOf(job.locked_until) : undefined;
  useEffect(() => {
    const pause = lapses === undefined ? -1 : lapses - Date.now() + 1;
    if (pause > 0) {
      const timer = setTimeout(() => drawAgain((count) => count + 1), pause);
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [lapses]);
  return job !== undefined && isJobStuck(job);
}

/** What `useWorkoutPlanGeneration` returns. */
export interface WorkoutPlanGenerationState {
  /** `idle`: nothing was asked for. `starting`: the request is on its way. The others are the request's. */
  status: 'idle' | 'starting' | WorkoutPlanRequest['status'];
  /** With `current_step` of `total_steps`, `step_description`, `exercises_completed` of `exercises_total`. */
  request: WorkoutPlanRequest | undefined;
  /** Once it is completed: `workout_plans.id`. */
  workoutPlanId: string | undefined;
  /** A sentence for a person. */
  error: string | undefined;
  code: string | undefined;
  /** Asks for a plan and follows the request, or the one that is running already. */
  generate(parameters: WorkoutPlanParameters): Promise<GenerateWorkoutPlanResult>;
  /** Ends the request. */
  cancel(): Promise<boolean>;
}

const waitForRequest = (id: string, onProgress: (request: WorkoutPlanRequest) => void, signal: AbortSignal) =>
  waitForWorkoutPlan(id, onProgress, Number.POSITIVE_INFINITY, { signal });
const activeRequest = async () => (await getActiveWorkoutPlanRequest())?.request_id;

/** A workout plan from the request to the plan. A request that was running when the app was opened is followed by itself. */
export function useWorkoutPlanGeneration(options: WorkoutPlanHookOptions = {}): WorkoutPlanGenerationState {
  const { following, follow, start } = useFollowing<WorkoutPlanRequest, WorkoutPlanResult>(
    options.requestId,
    options.resume ?? true,
    activeRequest,
    waitForRequest,
  );
  const { id, row, result } = following;
  const request = result?.request ?? row;

  const generate = useCallback(async (parameters: WorkoutPlanParameters) => {
    let answer: GenerateWorkoutPlanResult | undefined;
    await start(async () => {
      answer = await generateWorkoutPlan(parameters);
      return { id: answer.requestId, failure: { ...answer } };
    });
    return answer as GenerateWorkoutPlanResult;
  }, []);
  const cancel = async () => {
    const isDone = id !== undefined && (await cancelWorkoutPlan(id));
    if (isDone) {
      void follow(id);
    }
    return isDone;
  };
  const going = request?.status ?? (id === undefined ? 'idle' : 'processing');

  return {
    status: following.isStarting ? 'starting' : result?.success === false ? 'failed' : going,
    request,
    workoutPlanId: result?.workoutPlanId,
    error: result?.error,
    code: result?.code,
    generate,
    cancel,
  };
}
