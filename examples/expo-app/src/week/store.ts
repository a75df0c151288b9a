/** Weekly plans as the app reads and writes them: rows of `weekly_base_plans`, its own only, which row level security sees to. */

import type { WeekDays, WeeklyPlan } from '@mesocycle/client';
import { supabase } from '../supabase';
import { mondayOf } from './weekday';

/** What the screens need of a row. */
export type Week = Pick<WeeklyPlan, 'id' | 'days' | 'status' | 'createdAt' | 'weekStartDate' | 'generationJobId'>;

const COLUMNS =
  'id, days, status, createdAt:created_at, weekStartDate:week_start_date, generationJobId:generation_job_id';

/** A week by its id; null where there is none of this user's. Throws where it cannot be read. */
export async function readWeek(id: string): Promise<Week | null> {
  const { data } = await supabase
    .from('weekly_base_plans')
    .select(COLUMNS)
    .eq('id', id)
    .maybeSingle<Week>()
    .throwOnError();
  return data;
}

/** The newest week, or null. */
export async function newestWeek(): Promise<Week | null> {
  const { data } = await supabase
    .from('weekly_base_plans')
    .select(COLUMNS)
    .neq('status', 'archived')
    .order('created_at', { ascending: false })
    .limit(1)
    .maybeSingle<Week>()
    .throwOnError();
  return data;
}

/** Stores a week that the phone made; its id. */
export async function storeWeek(days: WeekDays): Promise<string> {
  const { data } = await supabase
    .from('weekly_base_plans')
    .insert({ days, status: 'generated', week_start_date: mondayOf(new Date()) })
    .select('id')
    .single<{ id: string }>()
    .throwOnError();
  return data.id;
}
