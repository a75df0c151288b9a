-- Writes the end of a task that was just taken out of its place, and tells the hook. Returns the outcome, or 'parked'.
create or replace function durable.end_task(
  p_task uuid, p_from text, p_outcome text, p_output jsonb, p_code text, p_message text, p_retries integer,
  p_losses integer, p_token bigint, p_worker bigint, p_started_at timestamptz, p_now timestamptz, p_strict boolean default false)
returns text language plpgsql set search_path = '' as $$
declare
  v_task durable.task;
  v_worker durable.worker;
begin
  update durable.task set outcome = p_outcome, ended_at = p_now, output = p_output, error_code = p_code,
    error_message = p_message, retries = p_retries, losses = p_losses
    where id = p_task returning * into v_task;
  select * into v_worker from durable.worker where id = p_worker;
  if not durable.tell(row(p_task, v_task.kind, v_task.input, p_from, p_outcome, p_retries, p_losses, p_token,
      v_worker.name, v_worker.external, v_worker.lease_until, null, p_output, p_code, p_message, p_now)::durable.transition, p_strict) then
    return 'parked';
  end if;
  perform durable.loosen_handles(p_task, null, p_now);
  insert into durable.event (task, at, type, data)
    values (p_task, p_now, p_outcome, jsonb_strip_nulls(jsonb_build_object('from', p_from, 'code', p_code, 'message', p_message,
      'worker', v_worker.name, 'token', p_token, 'started_at', p_started_at, 'retries', p_retries, 'losses', p_losses)));
  return p_outcome;
end $$;
