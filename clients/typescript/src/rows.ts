/** What the client hands to the app: rows as they are, and a plan in the app's own spelling. */

import type { components } from './openapi.js';

type Schemas = components['schemas'];

/** The athlete, as `create-plan-job` takes it. Fields beyond these are kept. */
export type ProfileSnapshot = Schemas['ProfileSnapshot'];

/** A row of `plan_generation_jobs`. */
export type PlanJob = Schemas['PlanGenerationJob'];

/** A row of `workout_plan_requests`. */
export type WorkoutPlanRequest = Schemas['WorkoutPlanRequest'];

/** Seven days of training, nutrition and recovery. */
export type WeekDays = Schemas['WeekDays'];

/** One of the seven days. */
export type Day = Schemas['Day'];

type Camel<Name> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;

/** A row of `weekly_base_plans` in camelCase: `createdAt`, `days`, `isLocked`, `weekStartDate`, `status` … */
export type WeeklyPlan = {
  [Name in keyof Schemas['WeeklyBasePlan'] as Camel<Name>]: Schemas['WeeklyBasePlan'][Name];
} & {
  /** Whether its status is `active`. */
  isActive: boolean;
};

/** The plan of a row; columns that an app added come along in the same spelling. */
export function planOf(row: Schemas['WeeklyBasePlan']): WeeklyPlan {
  const renamed = Object.entries(row).map(([name, value]) => [
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return { ...Object.fromEntries(renamed), isActive: row.status === 'active' };
}

/** Milliseconds since 1970 of a timestamp with PostgreSQL's microseconds, which not every phone can read. */
export function millisecondsOf(timestamp: string): number {
  return Date.parse(timestamp.replace(/(\.\d{3})\d+/, '$1'));
}
