-- Lets up to p_count tasks that wait for a limit try again: promote admits them, in the order in which they came.
create or replace function durable.wake_waiting(p_limit text, p_count integer)
returns void language sql set search_path = '' as $$
  with woken as (
    delete from durable.parked d where d.ctid = any (array(
      select c.ctid from durable.parked c where c.wait = 'limit' and c.waits_on = p_limit
      order by c.lane, c.since, c.task limit p_count for update skip locked))
    returning d.task, d.since, d.retries, d.losses, d.slots)
  insert into durable.timer (task, due_at, reason, retries, losses, slots)
    select w.task, w.since, 'admission', w.retries, w.losses, w.slots from woken w;
$$;
