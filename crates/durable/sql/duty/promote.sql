-- Duty of any worker: tasks whose time has come go from timer to ready. The settings keep the planner
-- from meeting a batch with a scan of the whole header table, as in claim. Returns how many timers it took.
create or replace function durable.promote(p_limit integer default 500, p_now timestamptz default clock_timestamp())
returns integer language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  r record;
  v_count integer := 0;
begin
  for r in
    with due as (
      delete from durable.timer d where d.ctid = any (array(
        select c.ctid from durable.timer c where c.due_at <= p_now order by c.due_at limit p_limit for update skip locked))
      returning d.task, d.retries, d.losses, d.due_at)
    select d.task, d.retries, d.losses, h.kind, h.queue, h.lane, h.input
    from due d join durable.task h on h.id = d.task order by d.due_at
  loop
    perform pg_current_xact_id();  -- the transaction has its id before it draws a ticket
    insert into durable.ready (queue, lane, task, retries, losses) values (r.queue, r.lane, r.task, r.retries, r.losses);
    perform durable.tell(row(r.task, r.kind, r.input, 'waiting', 'ready', r.retries, r.losses, null, null, null, null, null,
      null, null, null, p_now)::durable.transition);
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;
