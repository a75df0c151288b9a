-- Gives an attempt back until p_due_at without a charge: it sleeps, or waits for something outside such as a budget.
-- Returns 'waiting', 'ready' when the time has come already, 'parked', or 'lost'.
create or replace function durable.defer(
  p_task uuid, p_token bigint, p_due_at timestamptz, p_reason text, p_now timestamptz default clock_timestamp())
returns text language plpgsql set search_path = '' as $$
declare
  v_run durable.run := durable.end_run(p_task, p_token);
begin
  if v_run.task is null then
    return 'lost';
  end if;
  return durable.return_run(v_run, 'deferred', null, p_reason, v_run.retries, v_run.losses, p_due_at, p_now);
end $$;
