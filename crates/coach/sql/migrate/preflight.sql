-- Looks, before any change, for what cannot be reconciled with the contract, and stops at all of it by name.
do $preflight$
declare
  v_problems text[] := '{}';
  v_rel record;
  v_need record;
  v_bad text;
begin
  if current_setting('server_version_num')::integer < 150000 then
    v_problems := v_problems || format('the server is PostgreSQL %s, it needs 15 or newer', current_setting('server_version'));
  end if;
  for v_rel in
    select c.oid, c.relname, c.relkind, c.relowner, c.relforcerowsecurity from pg_catalog.pg_class c
    where c.relnamespace = 'public'::regnamespace
      and c.relname in ('plan_generation_jobs', 'weekly_base_plans', 'push_tokens', 'user_notifications',
        'workout_plan_requests', 'workout_plan_inputs', 'workout_plans', 'workout_entries', 'exercises', 'exercise_texts')
  loop
    if v_rel.relkind not in ('r', 'p') then
      v_problems := v_problems || format('public.%s is not a table: rename it', v_rel.relname);
      continue;
    end if;
    if not pg_catalog.pg_has_role(current_user, v_rel.relowner, 'USAGE') then
      v_problems := v_problems || format('public.%s belongs to %s: migrate as that role', v_rel.relname,
        v_rel.relowner::regrole);
    end if;
    if v_rel.relforcerowsecurity
       and not (select r.rolsuper or r.rolbypassrls from pg_catalog.pg_roles r where r.rolname = current_user) then
      v_problems := v_problems || format('public.%s forces row level security on its owner, so the functions would see no row: '
        'alter table public.%s no force row level security', v_rel.relname, v_rel.relname);
    end if;
    -- Columns that must be there, and what those that are there may be.
    for v_need in
      select n.*, format_type(a.atttypid, null) as is_type, t.typtype
      from (values
        ('plan_generation_jobs', 'id', true, '{uuid}'), ('plan_generation_jobs', 'user_id', true, '{uuid}'),
        ('plan_generation_jobs', 'status', true, '{text,enum}'), ('plan_generation_jobs', 'profile_snapshot', true, '{jsonb}'),
        ('plan_generation_jobs', 'result_plan_id', false, '{uuid}'), ('plan_generation_jobs', 'error_message', false, '{text}'),
        ('plan_generation_jobs', 'error_code', false, '{text}'), ('plan_generation_jobs', 'retry_count', false, '{int}'),
        ('plan_generation_jobs', 'max_retries', false, '{int}'), ('plan_generation_jobs', 'created_at', false, '{timestamptz}'),
        ('plan_generation_jobs', 'started_at', false, '{timestamptz}'), ('plan_generation_jobs', 'completed_at', false, '{timestamptz}'),
        ('plan_generation_jobs', 'worker_id', false, '{text}'), ('plan_generation_jobs', 'locked_until', false, '{timestamptz}'),
        ('plan_generation_jobs', 'cycle_week_start_date', false, '{date}'), ('plan_generation_jobs', 'target_plan_id', false, '{uuid}'),
        ('plan_generation_jobs', 'is_redo', false, '{boolean}'), ('plan_generation_jobs', 'request_reason', false, '{text}'),
        ('plan_generation_jobs', 'redo_type', false, '{text,enum}'), ('plan_generation_jobs', 'source_plan_id', false, '{uuid}'),
        ('weekly_base_plans', 'id', true, '{uuid}'), ('weekly_base_plans', 'user_id', true, '{uuid}'),
        ('weekly_base_plans', 'days', true, '{jsonb}'), ('weekly_base_plans', 'created_at', false, '{timestamptz}'),
        ('weekly_base_plans', 'is_locked', false, '{boolean}'), ('weekly_base_plans', 'version', false, '{int}'),
        ('weekly_base_plans', 'status', false, '{text,enum}'), ('weekly_base_plans', 'week_start_date', false, '{date}'),
        ('weekly_base_plans', 'generated_at', false, '{timestamptz}'), ('weekly_base_plans', 'activated_at', false, '{timestamptz}'),
        ('weekly_base_plans', 'deactivated_at', false, '{timestamptz}'), ('weekly_base_plans', 'generation_job_id', false, '{uuid}'),
        ('weekly_base_plans', 'redo_used', false, '{boolean}'), ('weekly_base_plans', 'redo_reason', false, '{text}'),
        ('weekly_base_plans', 'redo_count_today', false, '{int}'), ('weekly_base_plans', 'last_redo_date', false, '{date}'),
        ('weekly_base_plans', 'original_plan_id', false, '{uuid}'),
        ('push_tokens', 'id', true, '{uuid,int}'), ('push_tokens', 'user_id', true, '{uuid}'), ('push_tokens', 'token', true, '{text}'),
        ('push_tokens', 'device_info', false, '{jsonb}'), ('push_tokens', 'created_at', false, '{timestamptz}'),
        ('push_tokens', 'updated_at', false, '{timestamptz}'), ('push_tokens', 'disabled_at', false, '{timestamptz}'),
        ('user_notifications', 'id', true, '{uuid,int}'), ('user_notifications', 'user_id', true, '{uuid}'),
        ('user_notifications', 'title', false, '{text}'), ('user_notifications', 'body', false, '{text}'),
        ('user_notifications', 'type', false, '{text}'), ('user_notifications', 'screen', false, '{text}'),
        ('user_notifications', 'data', false, '{jsonb}'), ('user_notifications', 'delivered', false, '{boolean}'),
        ('user_notifications', 'read', false, '{boolean}'), ('user_notifications', 'created_at', false, '{timestamptz}'),
        ('workout_plan_requests', 'id', true, '{uuid}'), ('workout_plan_requests', 'request_id', false, '{uuid}'),
        ('workout_plan_requests', 'user_id', true, '{uuid}'), ('workout_plan_requests', 'user_profile', true, '{text}'),
        ('workout_plan_requests', 'status', true, '{text,enum}'), ('workout_plan_requests', 'workout_plan_id', false, '{uuid}'),
        ('workout_plan_requests', 'error_message', false, '{text}'), ('workout_plan_requests', 'error_code', false, '{text}'),
        ('workout_plan_requests', 'created_at', false, '{timestamptz}'),
        ('workout_plan_requests', 'completed_at', false, '{timestamptz}'), ('workout_plan_requests', 'current_step', false, '{int}'),
        ('workout_plan_requests', 'total_steps', false, '{int}'), ('workout_plan_requests', 'step_description', false, '{text}'),
        ('workout_plan_requests', 'exercises_total', false, '{int}'), ('workout_plan_requests', 'exercises_completed', false, '{int}'),
        ('workout_plan_inputs', 'id', true, '{uuid}'), ('workout_plan_inputs', 'request_id', false, '{uuid}'),
        ('workout_plan_inputs', 'user_id', false, '{uuid}'), ('workout_plan_inputs', 'system_prompt', false, '{text}'),
        ('workout_plan_inputs', 'time_zone', false, '{text}'), ('workout_plan_inputs', 'understood', false, '{jsonb}'),
        ('workout_plan_inputs', 'progressed_at', false, '{timestamptz}'),
        ('workout_plan_inputs', 'created_at', false, '{timestamptz}'), ('workout_plans', 'id', true, '{uuid}'),
        ('workout_plans', 'user_id', true, '{uuid}'), ('workout_plans', 'summary', false, '{text}'),
        ('workout_plans', 'start_date', false, '{date}'), ('workout_plans', 'status', false, '{text,enum}'),
        ('workout_plans', 'created_at', false, '{timestamptz}'), ('workout_entries', 'id', true, '{uuid,int}'),
        ('workout_entries', 'workout_plan_id', true, '{uuid}'), ('workout_entries', 'week_number', true, '{int}'),
        ('workout_entries', 'day_name', false, '{text}'), ('workout_entries', 'day', true, '{text,enum}'),
        ('workout_entries', 'position', false, '{int}'), ('workout_entries', 'date', false, '{date}'),
        ('workout_entries', 'exercise_id', true, '{uuid}'), ('workout_entries', 'sets', false, '{int}'),
        ('workout_entries', 'reps', false, '{text}'), ('workout_entries', 'weight', false, '{text}'),
        ('workout_entries', 'time', false, '{text}'), ('workout_entries', 'equipment', false, '{text}'),
        ('workout_entries', 'notes', false, '{text}'), ('workout_entries', 'streak_exercise_id', false, '{uuid}'),
        ('workout_entries', 'streak_exercise_equipment', false, '{text}'),
        ('workout_entries', 'streak_exercise_notes', false, '{text}'), ('workout_entries', 'is_adjusted', false, '{boolean}'),
        ('workout_entries', 'adjustment_reason', false, '{text}'), ('exercises', 'id', true, '{uuid}'),
        ('exercises', 'slug', false, '{text}'), ('exercises', 'name', true, '{text}'),
        ('exercises', 'icon_description', false, '{text}'), ('exercises', 'instructions', false, '{text}'),
        ('exercises', 'video_description', false, '{text}'), ('exercises', 'required_equipment', false, '{text}'),
        ('exercises', 'workout_location', false, '{text}'), ('exercises', 'rep_limitations_progression_rules', false, '{text}'),
        ('exercises', 'progression_by_client_feedback', false, '{text}'), ('exercises', 'pain_injury_protocol', false, '{text}'),
        ('exercises', 'special_rules_by_location', false, '{text}'), ('exercises', 'trainer_notes', false, '{text}'),
        ('exercises', 'reviewed', false, '{boolean}'), ('exercises', 'created_at', false, '{timestamptz}'),
        ('exercise_texts', 'exercise_id', true, '{uuid}'), ('exercise_texts', 'language', true, '{text}'),
        ('exercise_texts', 'name', false, '{text}'), ('exercise_texts', 'icon_description', false, '{text}'),
        ('exercise_texts', 'instructions', false, '{text}'), ('exercise_texts', 'video_description', false, '{text}'),
        ('exercise_texts', 'required_equipment', false, '{text}'), ('exercise_texts', 'workout_location', false, '{text}'),
        ('exercise_texts', 'rep_limitations_progression_rules', false, '{text}'),
        ('exercise_texts', 'progression_by_client_feedback', false, '{text}'),
        ('exercise_texts', 'pain_injury_protocol', false, '{text}'), ('exercise_texts', 'special_rules_by_location', false, '{text}'),
        ('exercise_texts', 'trainer_notes', false, '{text}'), ('exercise_texts', 'created_at', false, '{timestamptz}')
      ) n (relation, name, required, types)
      left join pg_catalog.pg_attribute a on a.attrelid = v_rel.oid and a.attname = n.name and not a.attisdropped
      left join pg_catalog.pg_type t on t.oid = a.atttypid
      where n.relation = v_rel.relname
    loop
      if v_need.is_type is null then
        if v_need.required then
          v_problems := v_problems || format('public.%s.%s is missing: it needs to be %s', v_rel.relname, v_need.name,
            array_to_string(v_need.types::text[], ' or '));
        end if;
      elsif not (case when v_need.typtype = 'e' then 'enum' else case v_need.is_type
          when 'character varying' then 'text' when 'timestamp with time zone' then 'timestamptz'
          when 'integer' then 'int' when 'bigint' then 'int' when 'smallint' then 'int' else v_need.is_type end end
          = any (v_need.types::text[])) then
        v_problems := v_problems || format('public.%s.%s is %s: it needs to be %s', v_rel.relname, v_need.name, v_need.is_type,
          array_to_string(v_need.types::text[], ' or '));
      end if;
    end loop;
    -- What others refer to.
    if v_rel.relname in ('workout_plan_requests', 'workout_plans', 'exercises') and not exists (
        select from pg_catalog.pg_index i join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where i.indrelid = v_rel.oid and i.indisunique and i.indpred is null and i.indnkeyatts = 1 and a.attname = 'id') then
      v_problems := v_problems || format('public.%s.id is not unique: make it the primary key', v_rel.relname);
    end if;
    -- Columns that only this database knows must not be in the way of an insert.
    for v_bad in
      select a.attname from pg_catalog.pg_attribute a
      where a.attrelid = v_rel.oid and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef
        and a.attidentity = ''
        and (a.attname <> 'id' or v_rel.relname in ('push_tokens', 'user_notifications', 'workout_entries'))
        and a.attname not in ('user_id', 'status', 'profile_snapshot', 'retry_count', 'max_retries',
          'created_at', 'is_redo', 'days', 'is_locked', 'version', 'week_start_date', 'generated_at', 'generation_job_id',
          'redo_used', 'redo_count_today', 'token', 'updated_at', 'title', 'body', 'type', 'data', 'delivered', 'read',
          'cycle_week_start_date', 'request_id', 'user_profile', 'current_step', 'total_steps', 'exercises_total', 'exercises_completed',
          'summary', 'start_date', 'workout_plan_id', 'week_number', 'day_name', 'day', 'position', 'date', 'exercise_id', 'sets', 'is_adjusted',
          'slug', 'name', 'reviewed', 'language')
    loop
      v_problems := v_problems || format('public.%s.%s is not null without a default: give it a default', v_rel.relname, v_bad);
    end loop;
  end loop;
  -- Every state must have its word: as a label of the enum, or past the column's checks.
  for v_need in
    select s.relation, s.name, s.label, s.type, a.attnum, c.oid as relid,
           (select array_agg(e.enumlabel::text) from pg_catalog.pg_enum e where e.enumtypid = coalesce(t.oid, to_regtype(s.type))) as labels,
           coalesce(t.oid, to_regtype(s.type))::regtype as is_type
    from (select n.relation, n.name, label, n.type from (values
        ('plan_generation_jobs', 'status', '{pending,processing,completed,failed}'::text[], 'public.plan_job_status'),
        ('weekly_base_plans', 'status', '{generated,archived}', null),
        ('workout_plan_requests', 'status', '{processing,completed,failed}', null),
        ('workout_plans', 'status', '{active,paused,completed}', 'public.workout_plan_status'),
        ('workout_entries', 'day', '{monday,tuesday,wednesday,thursday,friday,saturday,sunday}', 'public.weekday')
      ) n (relation, name, labels, type) cross join unnest(n.labels) label) s
    left join pg_catalog.pg_class c on c.relnamespace = 'public'::regnamespace and c.relname = s.relation
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = s.name and not a.attisdropped
    left join pg_catalog.pg_type t on t.oid = a.atttypid
  loop
    if v_need.labels is not null and v_need.label <> all (v_need.labels) then
      v_problems := v_problems || format('the enum %s of public.%s.%s lacks %L: alter type %s add value %L', v_need.is_type,
        v_need.relation, v_need.name, v_need.label, v_need.is_type, v_need.label);
    elsif v_need.attnum is not null then
      for v_bad in
        select k.conname || e'\t' || pg_catalog.pg_get_expr(k.conbin, k.conrelid) from pg_catalog.pg_constraint k
        where k.conrelid = v_need.relid and k.contype = 'c' and k.conkey = array[v_need.attnum]
      loop
        execute format('select case when (%s) is false then %L end from (select %L::%s as %I) row', split_part(v_bad, e'\t', 2),
          format('the check %s of public.%s.%s refuses %L: let it in', split_part(v_bad, e'\t', 1), v_need.relation, v_need.name,
            v_need.label), v_need.label, v_need.is_type, v_need.name) into v_bad;
        v_problems := v_problems || v_bad;
      end loop;
    end if;
  end loop;
  v_problems := array_remove(v_problems, null);
  if v_problems <> '{}' then
    raise exception using errcode = 'object_not_in_prerequisite_state',
      message = 'this database cannot be migrated; nothing was changed: ' || array_to_string(v_problems, '; ');
  end if;
end $preflight$;
