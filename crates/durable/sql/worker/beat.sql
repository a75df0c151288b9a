-- The heartbeat: extends the worker's lease and names those of the given attempts that are no longer its own, with the
-- reason: 'deadline' (the task's deadline passed, and it ends here), 'cancelled', 'ended' (from outside) or 'superseded'
-- (another attempt has it). Raises DW001 when the worker was reaped. A lapsed lease that nobody reaped goes on. An attempt
-- that the worker holds and does not know of (the answer to its claim was lost on the way) is given back without a charge
-- once it is older than the lease.
create or replace function durable.beat(
  p_worker bigint, p_tasks uuid[], p_tokens bigint[], p_lease interval default '15 seconds',
  p_now timestamptz default clock_timestamp())
returns table (task uuid, reason text) language plpgsql set search_path = '' as $$
declare
  v_late uuid[];
begin
  update durable.worker w set lease_until = greatest(w.lease_until, p_now + p_lease) where w.id = p_worker;
  if not found then
    raise exception using errcode = 'DW001', message = 'this worker was given up as lost; start again under a new name';
  end if;
  perform durable.release(r.task, r.token, p_now) from durable.run r
    where r.worker = p_worker and r.started_at < p_now - p_lease and r.token <> all (p_tokens) order by r.token;
  with late as (
    delete from durable.deadline d where d.task = any (p_tasks) and d.at <= p_now returning d.task)
  select array_agg(l.task) filter (where durable.finish(l.task, 'failed', null, 'TASK_DEADLINE_EXCEEDED', null, p_now, false))
    into v_late from late l;
  return query
    select u.task, case when u.task = any (v_late) then 'deadline' when t.outcome = 'cancelled' then 'cancelled'
                        when t.outcome is not null then 'ended' else 'superseded' end
    from unnest(p_tasks, p_tokens) u (task, token) left join durable.task t on t.id = u.task
    where not exists (select from durable.run r where r.task = u.task and r.token = u.token and r.worker = p_worker);
end $$;
