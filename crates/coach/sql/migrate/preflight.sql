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
      and c.relname in ('plan_generation_jobs', 'weekly_base_plans', 'push_tokens', 'user_notifications')
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
        ('user_notifications', 'read', false, '{boolean}'), ('user_notifications', 'created_at', false, '{timestamptz}')
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
    -- Columns that only this database knows must not be in the way of an insert.
    for v_bad in
      select a.attname from pg_catalog.pg_attribute a
      where a.attrelid = v_rel.oid and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef
        and a.attidentity = ''
        and (a.attname <> 'id' or v_rel.relname in ('push_tokens', 'user_notifications'))
        and a.attname not in ('user_id', 'status', 'profile_snapshot', 'retry_count', 'max_retries',
          'created_at', 'is_redo', 'days', 'is_locked', 'version', 'week_start_date', 'generated_at', 'generation_job_id',
          'redo_used', 'redo_count_today', 'token', 'updated_at', 'title', 'body', 'type', 'data', 'delivered', 'read',
          'cycle_week_start_date')
    loop
      v_problems := v_problems || format('public.%s.%s is not null without a default: give it a default', v_rel.relname, v_bad);
    end loop;
  end loop;
  -- Every state must have its word: as a label of the enum, or past the column's checks.
  for v_need in
    select s.relation, s.label, s.type, a.attnum, c.oid as relid,
           (select array_agg(e.enumlabel::text) from pg_catalog.pg_enum e where e.enumtypid = coalesce(t.oid, to_regtype(s.type))) as labels,
           coalesce(t.oid, to_regtype(s.type))::regtype as is_type
    from (values ('plan_generation_jobs', 'pending', 'public.plan_job_status'), ('plan_generation_jobs', 'processing', 'public.plan_job_status'),
                 ('plan_generation_jobs', 'completed', 'public.plan_job_status'), ('plan_generation_jobs', 'failed', 'public.plan_job_status'),
                 ('weekly_base_plans', 'generated', null), ('weekly_base_plans', 'archived', null)) s (relation, label, type)
    left join pg_catalog.pg_class c on c.relnamespace = 'public'::regnamespace and c.relname = s.relation
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = 'status' and not a.attisdropped
    left join pg_catalog.pg_type t on t.oid = a.atttypid
  loop
    if v_need.labels is not null and v_need.label <> all (v_need.labels) then
      v_problems := v_problems || format('the enum %s of public.%s.status lacks %L: alter type %s add value %L', v_need.is_type,
        v_need.relation, v_need.label, v_need.is_type, v_need.label);
    elsif v_need.attnum is not null then
      for v_bad in
        select k.conname || e'\t' || pg_catalog.pg_get_expr(k.conbin, k.conrelid) from pg_catalog.pg_constraint k
        where k.conrelid = v_need.relid and k.contype = 'c' and k.conkey = array[v_need.attnum]
      loop
        execute format('select case when (%s) is false then %L end from (select %L::%s as status) row', split_part(v_bad, e'\t', 2),
          format('the check %s of public.%s.status refuses %L: let it in', split_part(v_bad, e'\t', 1), v_need.relation, v_need.label),
          v_need.label, v_need.is_type) into v_bad;
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
