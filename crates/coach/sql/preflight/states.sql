-- Words that a column of another making cannot say, a status or a weekday: labels that its enum lacks, words that its checks refuse.
create function pg_temp.state_problems()
returns setof text language plpgsql as $$
declare
  v_state record;
  v_check record;
  v_refused boolean;
begin
  for v_state in
    select s.relation, s.name, s.label, c.oid as relid, a.attnum, coalesce(a.atttypid, to_regtype(s.own_type))::regtype as type,
      (select array_agg(e.enumlabel::text) from pg_catalog.pg_enum e where e.enumtypid = coalesce(a.atttypid, to_regtype(s.own_type))) as labels
    from (select n.relation, n.name, u.label, n.own_type from (values
        ('plan_generation_jobs', 'status', 'pending processing completed failed', 'public.plan_job_status'),
        ('weekly_base_plans', 'status', 'generated archived', null),
        ('workout_plan_requests', 'status', 'processing completed failed', null),
        ('workout_plans', 'status', 'active paused completed', 'public.workout_plan_status'),
        ('workout_entries', 'day', 'monday tuesday wednesday thursday friday saturday sunday', 'public.weekday')
      ) n (relation, name, labels, own_type) cross join lateral unnest(string_to_array(n.labels, ' ')) u (label)) s
    left join pg_catalog.pg_class c on c.relnamespace = 'public'::regnamespace and c.relname = s.relation and c.relkind in ('r', 'p')
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = s.name and not a.attisdropped
  loop
    if v_state.labels is not null and v_state.label <> all (v_state.labels) then
      return next format('the enum %s of public.%s.%s lacks %L: alter type %s add value %L', v_state.type, v_state.relation,
        v_state.name, v_state.label, v_state.type, v_state.label);
      continue;
    end if;
    for v_check in
      select k.conname, pg_get_expr(k.conbin, k.conrelid) as rule from pg_catalog.pg_constraint k
      where k.conrelid = v_state.relid and k.contype = 'c' and k.conkey = array[v_state.attnum]
    loop
      execute format('select (%s) is false from (select %L::%s as %I) row', v_check.rule, v_state.label, v_state.type,
          v_state.name)
        into v_refused;
      if v_refused then
        return next format('the check %s of public.%s.%s refuses %L: let it in', v_check.conname, v_state.relation, v_state.name,
          v_state.label);
      end if;
    end loop;
  end loop;
end $$;
