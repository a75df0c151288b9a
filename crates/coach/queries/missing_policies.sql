-- Tables of the contract that show users none of their rows: row level security is on, and no policy lets them read.
select 'public.' || c.relname as "object!", 'no policy lets signed-in users read their own rows' as "problem!",
  format('create policy mesocycle_select_own on public.%I for select to authenticated using (%s)', c.relname,
    case c.relname
      when 'exercises' then 'true' when 'exercise_texts' then 'true'
      when 'workout_entries' then 'exists (select from public.workout_plans p where p.id = workout_plan_id and p.user_id = (select auth.uid()))'
      else 'user_id = (select auth.uid())' end) as "cure!"
from pg_catalog.pg_class c
where c.relnamespace = 'public'::regnamespace and c.relrowsecurity
  and c.relname in ('plan_generation_jobs', 'weekly_base_plans', 'push_tokens', 'user_notifications', 'workout_plan_requests',
    'workout_plan_inputs', 'workout_plans', 'workout_entries', 'exercises', 'exercise_texts', 'plan_schedules')
  and not exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid and p.polpermissive and p.polcmd in ('r', '*')
    and p.polroles && array(select 0::oid union all select oid from pg_catalog.pg_roles where rolname = 'authenticated'))
order by 1
