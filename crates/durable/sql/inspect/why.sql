-- Why a task is where it is, in one sentence for an operator. Null when there is no such task.
create or replace function durable.why(p_task uuid, p_now timestamptz default clock_timestamp())
returns text language plpgsql stable set search_path = '' as $$
declare
  t durable.task;
  q durable.queue;
  v_run record;
  v_ready durable.ready;
  v_timer durable.timer;
  v_parked durable.parked;
  v_ahead integer;
begin
  select * into t from durable.task d where d.id = p_task;
  if not found then
    return null;
  end if;
  if t.outcome is not null then
    return case t.outcome when 'succeeded' then 'It succeeded' when 'cancelled' then 'It was cancelled' else 'It failed' end
      || ' at ' || durable.clock_time(t.ended_at, p_now)
      || case when t.outcome = 'succeeded' then '.' else coalesce(': ' || t.error_code, '') || '.' end;
  end if;
  select * into q from durable.queue d where d.name = t.queue;
  select r.started_at, w.name, w.lease_until, r.retries + r.losses + 1 as attempt into v_run
    from durable.run r left join durable.worker w on w.id = r.worker where r.task = p_task;
  if found then
    return format('It runs: attempt %s, on worker %s since %s%s.', v_run.attempt, v_run.name,
      durable.clock_time(v_run.started_at, p_now),
      case when v_run.lease_until < p_now then '; that worker has gone silent and will be given up' else '' end);
  end if;
  select * into v_parked from durable.parked d where d.task = p_task;
  if found then
    return case v_parked.wait
      when 'person' then format('A person must decide: %s.', rtrim(v_parked.reason, '.'))
      when 'children' then (select format('It waits for %s of %s children of step %s.', count(*) filter (where not c.done),
        count(*), v_parked.waits_on) from durable.child c where c.parent = p_task and c.step = v_parked.waits_on)
      when 'pause' then durable.why_paused(q, p_now)
      else (select format('The limit of %s at once for %s is reached; %s before it.', c.capacity,
          case split_part(v_parked.waits_on, ' ', 1) when 'key' then 'key ' || t.key when 'queue' then 'queue ' || t.queue
            else 'all queues together' end,
          case line.n when 0 then 'nobody waits' when 1 then '1 other waits' else line.n || ' others wait' end)
        from durable.concurrency c, (select count(*) as n from durable.parked p where p.wait = 'limit'
          and p.waits_on = v_parked.waits_on and (p.lane, p.since) < (v_parked.lane, v_parked.since)) line
        where c.name = v_parked.waits_on) end;
  end if;
  select * into v_timer from durable.timer d where d.task = p_task;
  if v_timer.due_at > p_now then
    return format('It is due in %s, at %s: %s.', durable.duration(v_timer.due_at - p_now),
      durable.clock_time(v_timer.due_at, p_now), rtrim(v_timer.reason, '.'));
  end if;
  if q.paused_at is not null then
    return durable.why_paused(q, p_now);
  end if;
  if not durable.has_worker(t.queue, p_now) then
    return format('No worker listens to queue %s.', t.queue);
  end if;
  select * into v_ready from durable.ready d where d.task = p_task;
  if not found then
    return 'It is about to be admitted.';
  end if;
  select count(*) into v_ahead from (select from durable.ready d where d.queue = t.queue
    and (d.lane, d.ticket) < (v_ready.lane, v_ready.ticket) limit 1000) ahead;
  return case v_ahead when 0 then 'It is the next to be claimed' when 1 then '1 task is ahead of it'
    when 1000 then '1,000 tasks or more are ahead of it' else v_ahead || ' tasks are ahead of it' end
    || format(' in queue %s; every worker that listens has its hands full.', t.queue);
end $$;
