-- Ends many attempts well, in one statement: those whose end concerns nobody else, that is without
-- a hook, a slot, a parent or a provider's handle.
-- Returns the tasks that ended; the others are to be completed one by one. Locks by token, so that two calls cannot lock
-- each other out; the settings keep the planner from meeting a batch with a join over the whole table.
create or replace function durable.complete_many(
  p_tasks uuid[], p_tokens bigint[], p_outputs jsonb[], p_now timestamptz default clock_timestamp())
returns setof uuid language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return query
    with held as (
      select r.task, r.token, r.worker, r.started_at, r.retries, r.losses, u.output
      from unnest(p_tasks, p_tokens, p_outputs) u (task, token, output)
      join durable.run r on r.task = u.task and r.token = u.token
      join durable.task h on h.id = u.task join durable.kind k on k.name = h.kind
      where r.slots is null and not h.watched and k.on_transition is null
        and not exists (select from durable.step s where s.task = r.task and s.handle is not null and s.state <> 'done')
      order by r.token for no key update of r, h),
    ended as (
      delete from durable.run r using held h where r.task = h.task and r.token = h.token
      returning h.task, h.token, h.worker, h.started_at, h.retries, h.losses, h.output),
    header as (
      update durable.task t set outcome = 'succeeded', ended_at = p_now, output = e.output, retries = e.retries, losses = e.losses
      from ended e where t.id = e.task),
    told as (
      insert into durable.event (task, at, type, data)
      select e.task, p_now, 'succeeded', jsonb_strip_nulls(jsonb_build_object('from', 'running', 'worker', w.name, 'token', e.token,
        'started_at', e.started_at, 'retries', e.retries, 'losses', e.losses))
      from ended e left join durable.worker w on w.id = e.worker)
    select e.task from ended e;
end $$;
