-- The contract's grants on the tables of the workout plan flow. Adds, never takes.
create or replace function coach.grant_workout_tables()
returns void language plpgsql set search_path = '' as $$
begin
  grant select, insert, update, delete on public.workout_plan_requests, public.workout_plan_inputs, public.workout_plans,
    public.workout_entries, public.exercises, public.exercise_texts to service_role;
  grant select on public.workout_plan_requests, public.workout_plan_inputs, public.workout_plans, public.workout_entries,
    public.exercises, public.exercise_texts to authenticated;
  grant insert (user_id, request_id, user_profile) on public.workout_plan_requests to authenticated;
  grant update (status) on public.workout_plans to authenticated;
  grant insert, update, delete on public.workout_entries to authenticated;
end $$;
