/** Workout plans as the app reads them: a row of `workout_plans`, its eight weeks of `workout_entries`, each with its exercise. */

import { supabase } from '../supabase';
import type { Weekday } from '../week/weekday';

export interface Entry {
  id: string;
  week_number: number;
  day: Weekday;
  day_name: string;
  date: string;
  position: number;
  sets: number | null;
  reps: string | null;
  weight: string | null;
  time: string | null;
  notes: string | null;
  exercise: { name: string; instructions: string | null } | null;
}

export interface Block {
  id: string;
  summary: string | null;
  start_date: string;
  status: 'active' | 'paused' | 'completed';
}

/** The newest plan, or null. Throws where it cannot be read. */
export async function newestBlock(): Promise<Block | null> {
  const { data } = await supabase
    .from('workout_plans')
    .select('id, summary, start_date, status')
    .order('created_at', { ascending: false })
    .limit(1)
    .maybeSingle<Block>()
    .throwOnError();
  return data;
}

/** A plan with its entries in their order; null where there is none of this user's. */
export async function readBlock(id: string): Promise<{ block: Block; entries: Entry[] } | null> {
  const [plan, entries] = await Promise.all([
    supabase
      .from('workout_plans')
      .select('id, summary, start_date, status')
      .eq('id', id)
      .maybeSingle<Block>()
      .throwOnError(),
    supabase
      .from('workout_entries')
      .select(
        'id, week_number, day, day_name, date, position, sets, reps, weight, time, notes, exercise:exercises!exercise_id(name, instructions)',
      )
      .eq('workout_plan_id', id)
      .order('date')
      .order('position')
      .overrideTypes<Entry[], { merge: false }>()
      .throwOnError(),
  ]);
  return plan.data && { block: plan.data, entries: entries.data };
}
