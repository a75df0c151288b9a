-- Realtime hears of the contract's tables where Supabase's publication lists tables. workout_plan_inputs stays out: it is
-- long, and there so that what is sent stays small.
do $publication$
declare
  v_table text;
begin
  if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime' and not puballtables) then
    return;
  end if;
  foreach v_table in array array['plan_generation_jobs', 'weekly_base_plans', 'push_tokens', 'user_notifications',
      'workout_plan_requests', 'workout_plans', 'workout_entries', 'exercises', 'exercise_texts', 'plan_schedules'] loop
    if not exists (select from pg_catalog.pg_publication_tables where pubname = 'supabase_realtime' and schemaname = 'public'
        and tablename = v_table) then
      execute format('alter publication supabase_realtime add table public.%I', v_table);
    end if;
  end loop;
exception when insufficient_privilege then
  raise warning 'the tables are not in the publication supabase_realtime, which belongs to another role: %', sqlerrm
    using hint = 'As its owner: alter publication supabase_realtime add table public.plan_generation_jobs, '
      'public.weekly_base_plans, public.push_tokens, public.user_notifications, public.workout_plan_requests, '
      'public.workout_plans, public.workout_entries, public.exercises, public.exercise_texts, public.plan_schedules;';
end $publication$;
