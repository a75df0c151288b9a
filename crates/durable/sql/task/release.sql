-- Gives an unfinished attempt back without a charge, for a worker that drains. 'ready', 'parked' or 'lost'.
create or replace function durable.release(p_task uuid, p_token bigint, p_now timestamptz default clock_timestamp())
returns text language plpgsql set search_path = '' as $$
declare
  v_run durable.run := durable.end_run(p_task, p_token);
begin
  if v_run.task is null then
    return 'lost';
  end if;
  return durable.return_run(v_run, 'released', null, null, v_run.retries, v_run.losses, null, p_now);
end $$;
