-- Duty of any worker: attempts of workers past their lease are taken from them. A loss is not a retry and has its own cap;
-- the loss after the last takeover fails the task with WORKER_LOST. After a restart of the database every lease looks
-- lapsed, so nobody is reaped before one full lease has passed. Returns how many workers were given up.
create or replace function durable.reap(p_now timestamptz default clock_timestamp())
returns integer language plpgsql set search_path = '' as $$
declare
  w durable.worker;
  r durable.run;
  v_max integer;
  v_count integer := 0;
begin
  if p_now < pg_postmaster_start_time() + interval '15 seconds' then
    return 0;
  end if;
  for w in select * from durable.worker d where d.lease_until < p_now order by d.id for update skip locked loop
    -- An attempt that is locked is just ending, or sleeps in a transaction of its own, for which nobody waits here.
    for r in
      with taken as (
        delete from durable.run d where d.ctid = any (array(
          select c.ctid from durable.run c where c.worker = w.id for update skip locked)) returning d.*)
      select * from taken order by token
    loop
      select k.max_losses into v_max from durable.task t join durable.kind k on k.name = t.kind where t.id = r.task;
      r.losses := r.losses + 1;
      if r.losses > v_max then
        perform durable.end_task(r.task, 'running', 'failed', null, 'WORKER_LOST', null, r, p_now);
      else
        perform durable.return_run(r, 'lost', 'WORKER_LOST', null, r.retries, r.losses, null, p_now);
      end if;
    end loop;
    delete from durable.worker where id = w.id and not exists (select from durable.run where worker = w.id);
    if found then
      v_count := v_count + 1;
    end if;
  end loop;
  return v_count;
end $$;
