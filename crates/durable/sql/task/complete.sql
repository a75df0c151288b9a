-- Ends an attempt well. 'succeeded'; 'lost': another attempt or an end came first, nothing was written; 'parked': the
-- kind's hook raised, the output was not kept.
create or replace function durable.complete(
  p_task uuid, p_token bigint, p_output jsonb, p_now timestamptz default clock_timestamp())
returns text language plpgsql set search_path = '' as $$
declare
  v_run durable.run := durable.end_run(p_task, p_token);
begin
  if v_run.task is null then
    return 'lost';
  end if;
  return durable.end_task(p_task, 'running', 'succeeded', p_output, null, null, v_run, p_now);
end $$;
