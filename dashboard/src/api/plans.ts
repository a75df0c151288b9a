// Plans, exercises and settings.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { read, type List, type Paged } from './ask';

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface WeeklyPlanRow {
  id: string;
  user_id: string;
  created_at: string;
  status: string;
  version: number;
  week_start_date: string | null;
  generation_job_id: string | null;
}

export interface Day {
  workout: {
    focus: string[];
    blocks: { name: string; items: { exercise: string; sets: number; reps: string; RIR: number }[] }[];
    notes: string;
  };
  nutrition: {
    total_kcal: number;
    protein_g: number;
    meals_per_day: number;
    meals: { name: string; items: { food: string; qty: string }[] }[];
    hydration_l: number;
  };
  recovery: { mobility: string[]; sleep: string[]; supplements: string[]; supplementCard: { current: string[]; addOns: string[] } };
  reason: string;
}

export interface Finding {
  rule: string;
  demands: string;
  /** Where in the plan, such as `/monday/nutrition`. */
  place: string;
  message: string;
}

export interface WeeklyPlan extends WeeklyPlanRow {
  days: Partial<Record<Weekday, Day>>;
  sets_per_muscle: Record<string, number>;
  /** None: the profile is gone, or the plan is an app's own. */
  review: { score: number; rules: number; findings: Finding[] } | null;
}

export interface WorkoutPlanRow {
  id: string;
  user_id: string;
  created_at: string;
  status: string;
  start_date: string | null;
  summary: string | null;
}

export interface WorkoutEntry {
  week_number: number;
  day: Weekday;
  day_name: string | null;
  position: number;
  date: string | null;
  exercise: string | null;
  sets: number | null;
  reps: string | null;
  weight: string | null;
  time: string | null;
  equipment: string | null;
  notes: string | null;
  is_adjusted: boolean;
  adjustment_reason: string | null;
}

export interface WorkoutPlan extends WorkoutPlanRow {
  request_id: string | null;
  entries: WorkoutEntry[];
}

/** An athlete's schedule of new weekly plans. */
export interface PlanSchedule {
  user_id: string;
  cron: string;
  time_zone: string;
  enabled: boolean;
  /** The next fire time that will make a plan. */
  next_at: string | null;
  last_at: string | null;
  last_job_id: string | null;
  /** The latest fire time that made none, and why. */
  skipped_at: string | null;
  skipped_because: string | null;
  created_at: string;
  updated_at: string;
}

export interface ExerciseRow {
  id: string;
  slug: string;
  name: string;
  required_equipment: string | null;
  workout_location: string | null;
  reviewed: boolean;
}

/** What is said of an exercise in one language. */
export interface ExerciseTexts {
  name: string;
  reviewed: boolean;
  created_at: string;
  icon_description: string | null;
  instructions: string | null;
  video_description: string | null;
  required_equipment: string | null;
  workout_location: string | null;
  rep_limitations_progression_rules: string | null;
  progression_by_client_feedback: string | null;
  pain_injury_protocol: string | null;
  special_rules_by_location: string | null;
  trainer_notes: string | null;
}

/** A row with all its texts, its own in the operator's language. */
export interface Exercise extends ExerciseTexts {
  id: string;
  slug: string | null;
  translations: (ExerciseTexts & { language: string })[];
}

export interface Setting {
  name: string;
  /** A secret's is masked; none: unset. */
  value: string | null;
  /** The environment variable that sets it. */
  variable: string;
  meaning: string;
}

function pages<T>(noun: string, filter: { user?: string | undefined } = {}) {
  return infiniteQueryOptions({
    queryKey: [noun, filter],
    queryFn: ({ pageParam, signal }) => read<Paged<T>>(`/${noun}`, { ...filter, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

function one<T>(noun: string, id: string) {
  return queryOptions({ queryKey: [noun, 'one', id], queryFn: ({ signal }) => read<T>(`/${noun}/${id}`, {}, signal) });
}

export const weeklyPlansQuery = (filter: { user?: string | undefined }) => pages<WeeklyPlanRow>('weekly-plans', filter);
export const weeklyPlanQuery = (id: string) => one<WeeklyPlan>('weekly-plans', id);
export const workoutPlansQuery = (filter: { user?: string | undefined }) => pages<WorkoutPlanRow>('workout-plans', filter);
export const workoutPlanQuery = (id: string) => one<WorkoutPlan>('workout-plans', id);
export const planSchedulesQuery = (filter: { user?: string | undefined }) => pages<PlanSchedule>('plan-schedules', filter);
export const exercisesQuery = () => pages<ExerciseRow>('exercises');
export const exerciseQuery = (id: string) => one<Exercise>('exercises', id);
export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => read<List<Setting>>('/settings', {}, signal),
});
