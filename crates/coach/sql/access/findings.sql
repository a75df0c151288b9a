-- What users may do on the contract's tables and functions beyond the contract, with the statement that closes it.
-- Databases that had these tables before us keep what they granted, so this is where it shows.
create or replace function coach.findings()
returns table (object text, problem text, cure text) language sql stable set search_path = '' as $$
  with relation as (
    select c.oid, c.relname, c.relacl, c.relrowsecurity from pg_catalog.pg_class c
    where c.relnamespace = 'public'::regnamespace
      and c.relname in ('plan_generation_jobs', 'weekly_base_plans', 'push_tokens', 'user_notifications', 'workout_plan_requests', 'workout_plan_inputs',
        'workout_plans', 'workout_entries', 'exercises', 'exercise_texts', 'plan_schedules')),
  grants as (
    select r.relname, null::name as attname, a.grantee, a.privilege_type
      from relation r cross join lateral aclexplode(r.relacl) a
    union all
    select r.relname, t.attname, a.grantee, a.privilege_type
      from relation r join pg_catalog.pg_attribute t on t.attrelid = r.oid and not t.attisdropped
      cross join lateral aclexplode(t.attacl) a),
  open_grant as (
    select g.*, case g.grantee when 0 then 'public' else pg_get_userbyid(g.grantee)::text end as role from grants g
    where (g.grantee = 0 or pg_get_userbyid(g.grantee) in ('anon', 'authenticated'))
      and not (g.grantee <> 0 and pg_get_userbyid(g.grantee) = 'authenticated'
        and coach.is_granted(g.relname, g.attname, g.privilege_type)))
  select 'public.' || r.relname, 'row level security is off: every role with a grant reaches every row',
    format('alter table public.%I enable row level security', r.relname)
  from relation r where not r.relrowsecurity
  union all
  select 'public.' || g.relname, format('%s may %s%s', case g.role when 'public' then 'everybody' else g.role end,
      string_agg(distinct lower(g.privilege_type), ', '),
      case when g.attname is null then ' every column' else ' column ' || g.attname end),
    format('revoke %s on public.%I from %s', string_agg(distinct lower(g.privilege_type)
      || case when g.attname is null then '' else format(' (%I)', g.attname) end, ', '), g.relname, g.role)
  from open_grant g group by g.relname, g.role, g.attname
  union all
  select 'public.' || r.relname, format('policy "%s" lets users %s beyond their own rows or the functions', p.polname,
      case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'do ALL' end),
    format('drop policy %I on public.%I', p.polname, r.relname)
  from relation r join pg_catalog.pg_policy p on p.polrelid = r.oid
  cross join lateral (select coalesce(pg_get_expr(p.polqual, p.polrelid), '') as using_rule,
                             coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') as check_rule) e
  where p.polpermissive and p.polname not like 'mesocycle\_%'
    and p.polroles && array(select 0::oid union all select oid from pg_catalog.pg_roles where rolname in ('anon', 'authenticated'))
    and e.using_rule || e.check_rule not like '%service_role%'
    and ((r.relname in ('plan_generation_jobs', 'workout_plan_requests') and p.polcmd in ('w', 'd', '*'))
      or (e.using_rule = 'true' and not (r.relname in ('exercises', 'exercise_texts') and p.polcmd = 'r')) or e.check_rule = 'true')
  union all
  select f.oid::regprocedure::text, format('%s may execute it', case a.grantee when 0 then 'everybody'
      else pg_get_userbyid(a.grantee)::text end),
    format('revoke execute on function %s from %s', f.oid::regprocedure, case a.grantee when 0 then 'public'
      else pg_get_userbyid(a.grantee)::text end)
  from pg_catalog.pg_proc f cross join lateral aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
  where f.pronamespace = 'public'::regnamespace
    and f.proname in ('create_plan_job', 'process_plan_queue', 'claim_next_plan_job', 'extend_job_lock', 'complete_plan_job',
      'fail_plan_job', 'get_active_plan_job', 'cancel_plan_job', 'reset_stuck_plan_job', 'cleanup_old_plan_jobs',
      'request_workout_plan', 'cancel_workout_plan_request', 'schedule_regeneration')
    and (a.grantee = 0 or pg_get_userbyid(a.grantee) = 'anon' or (pg_get_userbyid(a.grantee) = 'authenticated' and f.proname not in
      ('create_plan_job', 'process_plan_queue', 'get_active_plan_job', 'cancel_plan_job', 'reset_stuck_plan_job',
        'request_workout_plan', 'cancel_workout_plan_request', 'schedule_regeneration')))
  order by 1, 2;
$$;
