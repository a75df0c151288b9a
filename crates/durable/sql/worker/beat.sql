-- The heartbeat: extends the worker's lease and names those of the given attempts that are no longer its own (cancelled,
-- ended from outside, taken over). Raises DW001 when the worker was reaped. A lapsed lease that nobody reaped goes on.
create or replace function durable.beat(
  p_worker bigint, p_tasks uuid[], p_tokens bigint[], p_lease interval default '15 seconds',
  p_now timestamptz default clock_timestamp())
returns setof uuid language plpgsql set search_path = '' as $$
begin
  update durable.worker set lease_until = greatest(lease_until, p_now + p_lease) where id = p_worker;
  if not found then
    raise exception using errcode = 'DW001', message = 'this worker was given up as lost; start again under a new name';
  end if;
  return query
    select u.task from unnest(p_tasks, p_tokens) u (task, token)
    where not exists (select from durable.run r where r.task = u.task and r.token = u.token and r.worker = p_worker);
end $$;
