-- The heartbeat: extends the worker's lease and names those of the given attempts that are no longer its own (cancelled,
-- ended from outside, taken over). Raises DW001 when the worker was reaped. A lapsed lease that nobody reaped goes on.
-- An attempt that the worker holds and does not know of (the answer to its claim was lost on the way) is given back
-- without a charge once it is older than the lease.
create or replace function durable.beat(
  p_worker bigint, p_tasks uuid[], p_tokens bigint[], p_lease interval default '15 seconds',
  p_now timestamptz default clock_timestamp())
returns setof uuid language plpgsql set search_path = '' as $$
begin
  update durable.worker set lease_until = greatest(lease_until, p_now + p_lease) where id = p_worker;
  if not found then
    raise exception using errcode = 'DW001', message = 'this worker was given up as lost; start again under a new name';
  end if;
  perform durable.release(r.task, r.token, p_now) from durable.run r
    where r.worker = p_worker and r.started_at < p_now - p_lease and r.token <> all (p_tokens);
  return query
    select u.task from unnest(p_tasks, p_tokens) u (task, token)
    where not exists (select from durable.run r where r.task = u.task and r.token = u.token and r.worker = p_worker);
end $$;
