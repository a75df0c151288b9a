-- Writes the end of a task that was just taken out of its place, frees its slots, tells the hook, its parents and, by way
-- of the orphans, its children. Returns the outcome, or 'parked' when the hook raised.
create or replace function durable.end_task(
  p_task uuid, p_from text, p_outcome text, p_output jsonb, p_code text, p_message text, p_run durable.run,
  p_now timestamptz, p_strict boolean default false)
returns text language plpgsql set search_path = '' as $$
declare
  v_task durable.task;
  v_worker durable.worker;
begin
  update durable.task set outcome = p_outcome, ended_at = p_now, output = p_output, error_code = p_code,
    error_message = p_message, retries = p_run.retries, losses = p_run.losses
    where id = p_task returning * into v_task;
  select * into v_worker from durable.worker where id = p_run.worker;
  perform durable.free_slots(p_run.slots);
  if not durable.tell(row(p_task, v_task.kind, v_task.input, p_from, p_outcome, p_run.retries, p_run.losses, p_run.token,
      v_worker.name, v_worker.external, v_worker.lease_until, null, p_output, p_code, p_message, p_now)::durable.transition, p_strict) then
    return 'parked';
  end if;
  perform durable.loosen_handles(p_task, null, p_now);
  insert into durable.event (task, at, type, data)
    values (p_task, p_now, p_outcome, jsonb_strip_nulls(jsonb_build_object('from', p_from, 'code', p_code, 'message', p_message,
      'worker', v_worker.name, 'token', p_run.token, 'started_at', p_run.started_at, 'retries', p_run.retries,
      'losses', p_run.losses)));
  if p_outcome = 'failed' then
    insert into durable.dead_letter (task, at) values (p_task, p_now) on conflict (task) do nothing;
  end if;
  if p_outcome <> 'succeeded' then
    insert into durable.orphan (task)
      select distinct c.child from durable.child c where c.parent = p_task and not c.done on conflict (task) do nothing;
  end if;
  if v_task.watched then
    perform durable.child_ended(p_task, p_outcome, p_now);
  end if;
  return p_outcome;
end $$;
