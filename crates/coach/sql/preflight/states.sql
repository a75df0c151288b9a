-- States that a status column of another making cannot say: labels that its enum lacks, words that its checks refuse.
create function pg_temp.state_problems()
returns setof text language plpgsql as $$
declare
  v_state record;
  v_check record;
  v_refused boolean;
begin
  for v_state in
    select s.relation, s.label, c.oid as relid, a.attnum, coalesce(a.atttypid, to_regtype(s.own_type))::regtype as type,
      (select array_agg(e.enumlabel::text) from pg_catalog.pg_enum e where e.enumtypid = coalesce(a.atttypid, to_regtype(s.own_type))) as labels
    from (values ('plan_generation_jobs', 'pending', 'public.plan_job_status'), ('plan_generation_jobs', 'processing', 'public.plan_job_status'),
        ('plan_generation_jobs', 'completed', 'public.plan_job_status'), ('plan_generation_jobs', 'failed', 'public.plan_job_status'),
        ('weekly_base_plans', 'generated', null), ('weekly_base_plans', 'archived', null)) s (relation, label, own_type)
    left join pg_catalog.pg_class c on c.relnamespace = 'public'::regnamespace and c.relname = s.relation and c.relkind in ('r', 'p')
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = 'status' and not a.attisdropped
  loop
    if v_state.labels is not null and v_state.label <> all (v_state.labels) then
      return next format('the enum %s of public.%s.status lacks %L: alter type %s add value %L', v_state.type, v_state.relation,
        v_state.label, v_state.type, v_state.label);
      continue;
    end if;
    for v_check in
      select k.conname, pg_get_expr(k.conbin, k.conrelid) as rule from pg_catalog.pg_constraint k
      where k.conrelid = v_state.relid and k.contype = 'c' and k.conkey = array[v_state.attnum]
    loop
      execute format('select (%s) is false from (select %L::%s as status) row', v_check.rule, v_state.label, v_state.type)
        into v_refused;
      if v_refused then
        return next format('the check %s of public.%s.status refuses %L: let it in', v_check.conname, v_state.relation, v_state.label);
      end if;
    end loop;
  end loop;
end $$;
