-- Stores a plan's entries. They go through the table's own row type, so that an older table keeps its columns' types.
create or replace function coach.add_entries(p_id uuid, p_plan jsonb)
returns void language plpgsql set search_path = '' as $$
declare
  v_ids jsonb := coach.exercise_ids(p_plan);
begin
  insert into public.workout_entries (workout_plan_id, week_number, day_name, day, position, date, exercise_id, sets, reps,
    weight, time, equipment, notes, streak_exercise_id, streak_exercise_equipment, streak_exercise_notes, is_adjusted,
    adjustment_reason)
  select p_id, r.week_number, r.day_name, r.day, r.position, r.date, r.exercise_id, r.sets, r.reps, r.weight, r.time,
    r.equipment, r.notes, r.streak_exercise_id, r.streak_exercise_equipment, r.streak_exercise_notes,
    coalesce(r.is_adjusted, false), r.adjustment_reason
  from jsonb_array_elements(p_plan -> 'entries') e
  cross join jsonb_populate_record(null::public.workout_entries, e || jsonb_build_object(
    'exercise_id', v_ids -> (e ->> 'exercise'), 'streak_exercise_id', v_ids -> (e ->> 'streak_exercise'))) r;
end $$;
