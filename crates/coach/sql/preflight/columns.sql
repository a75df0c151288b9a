-- Columns of the contract's tables that are missing and cannot be made up, or that are of a type that cannot serve; and
-- columns that only this database knows, where they would be in the way of an insert.
create function pg_temp.column_problems()
returns setof text language sql as $$
  with need (relation, required, types, names) as (
    values
      ('plan_generation_jobs', true, '{uuid}', 'id user_id'),
      ('plan_generation_jobs', true, '{text,enum}', 'status'),
      ('plan_generation_jobs', true, '{jsonb}', 'profile_snapshot'),
      ('plan_generation_jobs', false, '{uuid}', 'result_plan_id target_plan_id source_plan_id'),
      ('plan_generation_jobs', false, '{text}', 'error_message error_code worker_id request_reason redo_type'),
      ('plan_generation_jobs', false, '{int}', 'retry_count max_retries'),
      ('plan_generation_jobs', false, '{timestamptz}', 'created_at started_at completed_at locked_until'),
      ('plan_generation_jobs', false, '{date}', 'cycle_week_start_date'),
      ('plan_generation_jobs', false, '{boolean}', 'is_redo'),
      ('weekly_base_plans', true, '{uuid}', 'id user_id'),
      ('weekly_base_plans', true, '{jsonb}', 'days'),
      ('weekly_base_plans', false, '{timestamptz}', 'created_at generated_at activated_at deactivated_at'),
      ('weekly_base_plans', false, '{boolean}', 'is_locked redo_used'),
      ('weekly_base_plans', false, '{int}', 'version redo_count_today'),
      ('weekly_base_plans', false, '{text,enum}', 'status'),
      ('weekly_base_plans', false, '{date}', 'week_start_date last_redo_date'),
      ('weekly_base_plans', false, '{uuid}', 'generation_job_id original_plan_id'),
      ('weekly_base_plans', false, '{text}', 'redo_reason'),
      ('push_tokens', true, '{uuid,int}', 'id'),
      ('push_tokens', true, '{uuid}', 'user_id'),
      ('push_tokens', true, '{text}', 'token'),
      ('push_tokens', false, '{jsonb}', 'device_info'),
      ('push_tokens', false, '{timestamptz}', 'created_at updated_at disabled_at'),
      ('user_notifications', true, '{uuid,int}', 'id'),
      ('user_notifications', true, '{uuid}', 'user_id'),
      ('user_notifications', false, '{text}', 'title body type screen'),
      ('user_notifications', false, '{jsonb}', 'data'),
      ('user_notifications', false, '{boolean}', 'delivered read'),
      ('user_notifications', false, '{timestamptz}', 'created_at'),
      ('workout_plan_requests', true, '{uuid}', 'id user_id'),
      ('workout_plan_requests', true, '{text}', 'user_profile'),
      ('workout_plan_requests', true, '{text,enum}', 'status'),
      ('workout_plan_requests', false, '{uuid}', 'request_id workout_plan_id'),
      ('workout_plan_requests', false, '{text}', 'error_message error_code step_description'),
      ('workout_plan_requests', false, '{timestamptz}', 'created_at completed_at'),
      ('workout_plan_requests', false, '{int}', 'current_step total_steps exercises_total exercises_completed'),
      ('workout_plan_inputs', true, '{uuid}', 'id'),
      ('workout_plan_inputs', false, '{uuid}', 'request_id user_id'),
      ('workout_plan_inputs', false, '{text}', 'system_prompt time_zone'),
      ('workout_plan_inputs', false, '{jsonb}', 'understood'),
      ('workout_plan_inputs', false, '{timestamptz}', 'progressed_at created_at'),
      ('workout_plans', true, '{uuid}', 'id user_id'),
      ('workout_plans', false, '{text}', 'summary'),
      ('workout_plans', false, '{date}', 'start_date'),
      ('workout_plans', false, '{text,enum}', 'status'),
      ('workout_plans', false, '{timestamptz}', 'created_at'),
      ('workout_entries', true, '{uuid,int}', 'id'),
      ('workout_entries', true, '{uuid}', 'workout_plan_id exercise_id'),
      ('workout_entries', true, '{int}', 'week_number'),
      ('workout_entries', true, '{text,enum}', 'day'),
      ('workout_entries', false, '{int}', 'position sets'),
      ('workout_entries', false, '{date}', 'date'),
      ('workout_entries', false, '{uuid}', 'streak_exercise_id'),
      ('workout_entries', false, '{text}', 'day_name reps weight time equipment notes streak_exercise_equipment streak_exercise_notes adjustment_reason'),
      ('workout_entries', false, '{boolean}', 'is_adjusted'),
      ('exercises', true, '{uuid}', 'id'),
      ('exercises', true, '{text}', 'name'),
      ('exercises', false, '{text}', 'slug icon_description instructions video_description required_equipment workout_location rep_limitations_progression_rules'),
      ('exercises', false, '{text}', 'progression_by_client_feedback pain_injury_protocol special_rules_by_location trainer_notes'),
      ('exercises', false, '{boolean}', 'reviewed'),
      ('exercises', false, '{timestamptz}', 'created_at'),
      ('exercise_texts', true, '{uuid}', 'exercise_id'),
      ('exercise_texts', true, '{text}', 'language'),
      ('exercise_texts', false, '{text}', 'name icon_description instructions video_description required_equipment workout_location rep_limitations_progression_rules'),
      ('exercise_texts', false, '{text}', 'progression_by_client_feedback pain_injury_protocol special_rules_by_location trainer_notes'),
      ('exercise_texts', false, '{boolean}', 'reviewed'),
      ('exercise_texts', false, '{timestamptz}', 'created_at')),
  need_column as (
    select n.relation, n.required, n.types::text[] as types, u.name
    from need n cross join lateral unnest(string_to_array(n.names, ' ')) u (name)),
  there as (
    select c.relname, a.*, case t.typtype when 'e' then 'enum' else
        case t.typname when 'varchar' then case when a.atttypmod between 4 and 258 and a.attname in ('error_message', 'worker_id',
            'request_reason', 'redo_reason', 'token', 'title', 'body') then 'short' else 'text' end when 'int2' then 'int' when 'int4' then 'int' when 'int8' then 'int'
          when 'bool' then 'boolean' else t.typname::text end end as is_type,
      pg_catalog.format_type(a.atttypid, a.atttypmod) as is_called
    from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_catalog.pg_type t on t.oid = a.atttypid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and c.relname in (select n.relation from need n))
  select case when t.is_type is null
      then format('public.%s.%s is missing: it needs to be %s', n.relation, n.name, array_to_string(n.types, ' or '))
      else format('public.%s.%s is %s: it needs to be %s', n.relation, n.name, t.is_called, array_to_string(n.types, ' or ')) end
  from need_column n left join there t on t.relname = n.relation and t.attname = n.name
  where n.relation in (select relname from there)
    and (t.is_type is null and n.required or t.is_type <> all (n.types))
  union all
  select format('public.%s.%s is not null without a default: give it a default', t.relname, t.attname)
  from there t
  where t.attnotnull and not t.atthasdef and t.attidentity = ''
    and not exists (select from need_column n where n.relation = t.relname and n.name = t.attname
      and (n.name <> 'id' or n.relation not in ('push_tokens', 'user_notifications', 'workout_entries')))
  union all
  select format('public.%s.id is not unique: make it the primary key', t.relname)
  from there t
  where t.relname in ('workout_plan_requests', 'workout_plans', 'exercises') and t.attname = 'id'
    and not exists (select from pg_catalog.pg_index i where i.indrelid = t.attrelid and i.indisunique and i.indpred is null
      and i.indnkeyatts = 1 and i.indkey[0] = t.attnum);
$$;
