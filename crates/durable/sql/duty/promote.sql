-- Duty of any worker: tasks whose time has come go from timer to ready, as far as pauses and limits admit them. The settings
-- keep the planner from meeting a batch with a scan of the whole header table, as in claim. Returns how many timers it took.
create or replace function durable.promote(p_limit integer default 500, p_now timestamptz default clock_timestamp())
returns integer language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_due durable.timer[];
  r record;
begin
  with due as (
    delete from durable.timer d where d.ctid = any (array(
      select c.ctid from durable.timer c where c.due_at <= p_now order by c.due_at limit p_limit for update skip locked))
    returning d.*)
  select array_agg(due::durable.timer) into v_due from due;
  if v_due is null then
    return 0;
  end if;
  for r in
    select a.task, a.retries, a.losses, a.slots, h.kind, h.queue, h.lane, h.input
    from durable.admit(v_due) a join durable.task h on h.id = a.task order by a.due_at, a.task
  loop
    insert into durable.ready (queue, lane, task, retries, losses, slots)
      values (r.queue, r.lane, r.task, r.retries, r.losses, r.slots);
    perform durable.tell(row(r.task, r.kind, r.input, 'waiting', 'ready', r.retries, r.losses, null, null, null, null, null,
      null, null, null, p_now)::durable.transition);
  end loop;
  return cardinality(v_due);
end $$;
