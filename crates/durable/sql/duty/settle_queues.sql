-- Duty of any worker, the net under limits and pauses: sets aside what became ready in a queue that was being paused, lets
-- tasks try again for whose limit there is room, and forgets limits that nobody uses. Returns how many tasks it set aside
-- and in how many limits it found room, together.
create or replace function durable.settle_queues(p_now timestamptz default clock_timestamp())
returns integer language plpgsql set search_path = '' as $$
declare
  r record;
  v_count integer := 0;
begin
  for r in select q.name from durable.queue q where q.paused_at is not null
      and exists (select from durable.ready d where d.queue = q.name) order by q.name loop
    v_count := v_count + durable.set_aside(r.name, p_now);
  end loop;
  for r in select c.name, c.capacity - c.used as free from durable.concurrency c where c.used < c.capacity
      and exists (select from durable.parked p where p.wait = 'limit' and p.waits_on = c.name) order by c.name loop
    perform durable.wake_waiting(r.name, r.free);
    v_count := v_count + 1;
  end loop;
  delete from durable.concurrency d where d.ctid = any (array(
    select c.ctid from durable.concurrency c where c.used = 0
      and not exists (select from durable.parked p where p.wait = 'limit' and p.waits_on = c.name) for update skip locked));
  return v_count;
end $$;
