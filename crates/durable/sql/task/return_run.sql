-- Gives a task whose attempt just ended back to ready with its slots, or to a timer without them when p_due_at lies ahead,
-- and tells the hook. Returns 'ready', 'waiting' or 'parked'.
create or replace function durable.return_run(
  p_run durable.run, p_type text, p_code text, p_message text, p_retries integer, p_losses integer,
  p_due_at timestamptz, p_now timestamptz)
returns text language plpgsql set search_path = '' as $$
declare
  v_task durable.task;
  v_worker durable.worker;
  v_to text := 'waiting';
begin
  select * into v_task from durable.task where id = p_run.task;
  select * into v_worker from durable.worker where id = p_run.worker;
  if p_due_at > p_now then
    insert into durable.timer (task, due_at, reason, retries, losses)
      values (p_run.task, p_due_at, coalesce('retry after ' || p_code, p_message, p_type), p_retries, p_losses);
    perform durable.free_slots(p_run.slots);
  else
    v_to := durable.put_back(v_task, p_retries, p_losses, p_run.slots, p_now);
  end if;
  insert into durable.event (task, at, type, data)
    values (p_run.task, p_now, p_type, jsonb_strip_nulls(jsonb_build_object('code', p_code, 'message', p_message, 'worker', v_worker.name,
      'token', p_run.token, 'started_at', p_run.started_at, 'retries', p_retries, 'losses', p_losses, 'due_at', p_due_at)));
  if not durable.tell(row(p_run.task, v_task.kind, v_task.input, 'running', v_to, p_retries, p_losses, p_run.token,
      v_worker.name, v_worker.external, v_worker.lease_until, null, null, p_code, p_message, p_now)::durable.transition) then
    return 'parked';
  end if;
  return v_to;
end $$;
