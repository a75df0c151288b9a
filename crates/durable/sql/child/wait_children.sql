-- 'done' when every child of the step has ended, or one has failed whose failure is not tolerated. Otherwise the attempt
-- ends here without a charge, its worker is free for others, and the task goes on when that is so: 'waiting'. 'lost' when
-- (task, token) no longer holds the task, 'parked' when the hook raised.
create or replace function durable.wait_children(
  p_task uuid, p_token bigint, p_step text, p_now timestamptz default clock_timestamp())
returns text language plpgsql set search_path = '' as $$
declare
  v_run durable.run;
  v_task durable.task;
  v_worker durable.worker;
  v_remaining integer;
begin
  if not durable.holds(p_task, p_token) then
    return 'lost';
  end if;
  -- A child that is ending now holds the lock on its link; after it this look sees it done.
  perform from durable.child c where c.parent = p_task and c.step = p_step and not c.done order by c.position for update;
  select count(*) filter (where not c.done) into v_remaining
    from durable.child c where c.parent = p_task and c.step = p_step;
  perform from durable.child c join durable.task t on t.id = c.child
    where c.parent = p_task and c.step = p_step and c.done and not c.tolerated and t.outcome <> 'succeeded';
  if found or v_remaining = 0 then
    return 'done';
  end if;
  v_run := durable.end_run(p_task, p_token);
  if v_run.task is null then
    return 'lost';
  end if;
  select * into v_task from durable.task where id = p_task;
  select * into v_worker from durable.worker where id = v_run.worker;
  insert into durable.parked (task, since, reason, retries, losses, wait, waits_on, remaining, lane)
    values (p_task, p_now, 'children', v_run.retries, v_run.losses, 'children', p_step, v_remaining, v_task.lane);
  perform durable.free_slots(v_run.slots);
  insert into durable.event (task, at, type, data) values (p_task, p_now, 'waits', jsonb_build_object(
    'step', p_step, 'children', v_remaining, 'worker', v_worker.name, 'token', v_run.token, 'started_at', v_run.started_at));
  if not durable.tell(row(p_task, v_task.kind, v_task.input, 'running', 'waiting', v_run.retries, v_run.losses, v_run.token,
      v_worker.name, v_worker.external, v_worker.lease_until, null, null, null, null, p_now)::durable.transition) then
    return 'parked';
  end if;
  return 'waiting';
end $$;
