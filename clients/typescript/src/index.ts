/** Asks Mesocycle for training plans and waits for them, on the app's own supabase-js. The hooks are in `@mesocycle/client/react`. */

export {
  type CreatePlanJobResult,
  cancelJob,
  createAndTriggerServerPlanJob,
  createServerPlanJob,
  getActiveJob,
  getJobStatus,
  getMostRecentJob,
  isJobStuck,
  isServerGenerationAvailable,
  type JobStatusResult,
  type PlanJobOptions,
  resetStuckJob,
  triggerQueueProcessing,
  waitForJobCompletion,
} from './jobs.js';
export type { components, paths } from './openapi.js';
export type { Day, PlanJob, ProfileSnapshot, WeekDays, WeeklyPlan, WorkoutPlanRequest } from './rows.js';
export {
  getPlanSchedule,
  type PlanSchedule,
  type ScheduleParameters,
  type ScheduleResult,
  scheduleRegeneration,
} from './schedule.js';
export { init, type Supabase } from './supabase.js';
export type { WaitOptions } from './watch.js';
export {
  cancelWorkoutPlan,
  type GenerateWorkoutPlanResult,
  generateWorkoutPlan,
  getActiveWorkoutPlanRequest,
  type WorkoutPlanParameters,
  type WorkoutPlanResult,
  waitForWorkoutPlan,
} from './workout.js';
