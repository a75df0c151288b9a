-- Duty of any worker: tasks past their deadline fail with TASK_DEADLINE_EXCEEDED wherever they are, and attempts that ran
-- half a minute past their run limit fail with DEADLINE_EXCEEDED, for a worker whose heart beats but whose own clock did
-- not stop the work. Returns how many.
create or replace function durable.expire(p_now timestamptz default clock_timestamp())
returns integer language plpgsql set search_path = '' as $$
declare
  r record;
  v_count integer := 0;
begin
  for r in delete from durable.deadline d where d.task = any (array(
      select c.task from durable.deadline c where c.at <= p_now order by c.at limit 500 for update skip locked)) returning d.task loop
    if durable.finish(r.task, 'failed', null, 'TASK_DEADLINE_EXCEEDED', null, p_now, p_strict => false) then
      v_count := v_count + 1;
    end if;
  end loop;
  for r in select task, token from durable.run where run_until < p_now - interval '30 seconds' order by token for update skip locked loop
    perform durable.fail(r.task, r.token, 'DEADLINE_EXCEEDED', null, p_now => p_now);
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;
