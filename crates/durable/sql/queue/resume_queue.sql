-- Lets a paused queue go on; what was set aside is admitted in its old order.
create or replace function durable.resume_queue(p_queue text)
returns void language sql set search_path = '' as $$
  update durable.queue set paused_at = null, paused_because = null where name = p_queue;
  with woken as (
    delete from durable.parked p where p.wait = 'pause' and p.waits_on = p_queue
    returning p.task, p.since, p.retries, p.losses, p.slots)
  insert into durable.timer (task, due_at, reason, retries, losses, slots)
    select w.task, w.since, 'admission', w.retries, w.losses, w.slots from woken w;
$$;
