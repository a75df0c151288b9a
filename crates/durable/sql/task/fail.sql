-- Ends an attempt badly: once more at once or after a wait, by the code's class, or failed for good when the class says
-- never or the retries are used up (then with p_exhausted_code, if given). p_retry_after is a wait that the outside named.
-- Returns 'ready', 'waiting', 'failed', 'parked', or 'lost' when (task, token) no longer holds the task.
create or replace function durable.fail(
  p_task uuid, p_token bigint, p_code text, p_message text, p_retry_after interval default null,
  p_exhausted_code text default null, p_now timestamptz default clock_timestamp())
returns text language plpgsql set search_path = '' as $$
declare
  v_run durable.run := durable.end_run(p_task, p_token);
  v_class text := coalesce((select c.retry from durable.error_class c where c.code = p_code), 'backoff');
  v_max integer;
begin
  if v_run.task is null then
    return 'lost';
  end if;
  select t.max_retries into v_max from durable.task t where t.id = p_task;
  if v_class = 'never' or v_run.retries >= v_max then
    return durable.end_task(p_task, 'running', 'failed', null,
      case when v_class = 'never' then p_code else coalesce(p_exhausted_code, p_code) end, p_message, v_run, p_now);
  end if;
  return durable.return_run(v_run, 'retried', p_code, p_message, v_run.retries + 1, v_run.losses,
    case when p_retry_after is not null then p_now + p_retry_after
         when v_class = 'backoff' then p_now + durable.backoff(p_task, v_run.retries + 1) end, p_now);
end $$;
