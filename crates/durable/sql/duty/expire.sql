-- Duty of any worker: attempts that ran half a minute past their run limit fail with DEADLINE_EXCEEDED, for a worker whose
-- heart beats but whose own clock did not stop the work. Returns how many.
create or replace function durable.expire(p_now timestamptz default clock_timestamp())
returns integer language plpgsql set search_path = '' as $$
declare
  r record;
  v_count integer := 0;
begin
  for r in select task, token from durable.run where run_until < p_now - interval '30 seconds' for update skip locked loop
    perform durable.fail(r.task, r.token, 'DEADLINE_EXCEEDED', null, p_now => p_now);
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;
