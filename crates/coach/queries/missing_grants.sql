-- Grants of the contract that somebody took away, with the statement that gives them back.
with contract (role, relations, privileges, columns) as (values
  ('service_role', '{plan_generation_jobs,weekly_base_plans,push_tokens,user_notifications,workout_plan_requests,workout_plan_inputs,workout_plans,workout_entries,exercises,exercise_texts,plan_schedules}'::text[],
    '{SELECT,INSERT,UPDATE,DELETE}'::text[], null::text[]),
  ('authenticated', '{plan_generation_jobs,weekly_base_plans,push_tokens,user_notifications,workout_plan_requests,workout_plan_inputs,workout_plans,workout_entries,exercises,exercise_texts,plan_schedules}',
    '{SELECT}', null),
  ('authenticated', '{plan_generation_jobs}', '{INSERT}',
    '{user_id,profile_snapshot,is_redo,request_reason,redo_type,source_plan_id}'),
  ('authenticated', '{weekly_base_plans}', '{INSERT,UPDATE}',
    '{id,user_id,created_at,days,is_locked,version,status,week_start_date,generated_at,activated_at,deactivated_at,last_redo_date,original_plan_id}'),
  ('authenticated', '{push_tokens}', '{INSERT,UPDATE}', '{user_id,token,device_info,updated_at}'),
  ('authenticated', '{weekly_base_plans,push_tokens}', '{DELETE}', null),
  ('authenticated', '{user_notifications}', '{UPDATE}', '{read,delivered}'),
  ('authenticated', '{workout_plan_requests}', '{INSERT}', '{user_id,request_id,user_profile}'),
  ('authenticated', '{workout_plans}', '{UPDATE}', '{status}'),
  ('authenticated', '{workout_entries}', '{INSERT,UPDATE,DELETE}', null)),
wanted as (
  select c.role, relation.name as relation, k.oid, privilege.name as privilege, a.attname
  from contract c cross join unnest(c.relations) relation (name) cross join unnest(c.privileges) privilege (name)
  join pg_catalog.pg_class k on k.relname = relation.name and k.relnamespace = 'public'::regnamespace
  left join pg_catalog.pg_attribute a on a.attrelid = k.oid and a.attname = any (c.columns) and not a.attisdropped
  where to_regrole(c.role) is not null),
users (name, roles) as (values
  ('create_plan_job', '{authenticated,service_role}'::text[]), ('process_plan_queue', '{authenticated,service_role}'),
  ('get_active_plan_job', '{authenticated,service_role}'), ('request_workout_plan', '{authenticated,service_role}'),
  ('cancel_plan_job', '{authenticated}'), ('reset_stuck_plan_job', '{authenticated}'),
  ('cancel_workout_plan_request', '{authenticated}'), ('claim_next_plan_job', '{service_role}'),
  ('extend_job_lock', '{service_role}'), ('complete_plan_job', '{service_role}'), ('fail_plan_job', '{service_role}'),
  ('cleanup_old_plan_jobs', '{service_role}'), ('schedule_regeneration', '{authenticated,service_role}'))
select 'public.' || w.relation as "object!",
  format('%s may not %s%s', w.role, lower(w.privilege), ' column ' || string_agg(w.attname, ', ')) as "problem!",
  format('grant %s%s on public.%I to %s', lower(w.privilege), ' (' || string_agg(quote_ident(w.attname), ', ') || ')',
    w.relation, w.role) as "cure!"
from wanted w
where not case when w.attname is null then has_table_privilege(w.role, w.oid, w.privilege)
  else has_column_privilege(w.role, w.oid, w.attname, w.privilege) end
group by w.role, w.relation, w.privilege
union all
select f.oid::regprocedure::text, format('%s may not execute it', role),
  format('grant execute on function %s to %s', f.oid::regprocedure, role)
from users u cross join unnest(u.roles) role
join pg_catalog.pg_proc f on f.proname = u.name and f.pronamespace = 'public'::regnamespace
where to_regrole(role) is not null and not has_function_privilege(role, f.oid, 'EXECUTE')
union all
select 'schema ' || schema, format('%s may not use it', role), format('grant usage on schema %I to %s', schema, role)
from unnest(array['public', 'auth']) schema cross join unnest(array['anon', 'authenticated', 'service_role']) role
where to_regrole(role) is not null and to_regnamespace(schema) is not null and not has_schema_privilege(role, schema, 'USAGE')
order by 1, 2
