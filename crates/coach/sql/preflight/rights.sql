-- What the server and the migrating role lack.
create function pg_temp.right_problems()
returns setof text language sql as $$
  select format('the server is PostgreSQL %s: it needs to be 15 or newer', current_setting('server_version'))
  where current_setting('server_version_num')::integer < 150000
  union all
  select format('%s may not create schemas in this database: grant create on database %I to %s', current_user,
    current_database(), current_user)
  where to_regnamespace('coach') is null and not has_database_privilege(current_database(), 'create')
  union all
  select format('%s may not create tables in schema public: grant create on schema public to %s', current_user, current_user)
  where not has_schema_privilege('public', 'create')
  union all
  select case
    when c.relkind not in ('r', 'p') then format('public.%s is not a table: rename it', c.relname)
    when not pg_has_role(c.relowner, 'USAGE')
      then format('public.%s belongs to %s: migrate as that role', c.relname, c.relowner::regrole)
    else format('public.%s forces row level security on its owner, so the functions would see no row: '
      'alter table public.%s no force row level security', c.relname, c.relname) end
  from pg_catalog.pg_class c
  where c.relnamespace = 'public'::regnamespace
    and c.relname in ('plan_generation_jobs', 'weekly_base_plans', 'push_tokens', 'user_notifications',
      'workout_plan_requests', 'workout_plan_inputs', 'workout_plans', 'workout_entries', 'exercises', 'exercise_texts')
    and (c.relkind not in ('r', 'p') or not pg_has_role(c.relowner, 'USAGE')
      or c.relforcerowsecurity and not (select r.rolsuper or r.rolbypassrls from pg_catalog.pg_roles r where r.rolname = current_user))
  union all
  select format('auth.uid() returns %s: it needs to be uuid', pg_get_function_result(p.oid))
  from pg_catalog.pg_proc p where p.oid = to_regprocedure('auth.uid()') and p.prorettype <> 'uuid'::regtype
  union all
  select format('%s may not reference auth.users: grant references on auth.users to %s', current_user, current_user)
  where to_regclass('auth.users') is not null and to_regprocedure('auth.uid()') is not null
    and not has_table_privilege('auth.users', 'references');
$$;
