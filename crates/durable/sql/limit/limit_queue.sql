-- Sets how many attempts of a queue, and of each key in it, may be under way at once over all workers; null for no limit.
-- The queue * stands for all queues together (it has no keys). Running attempts go on; what waits tries again.
create or replace function durable.limit_queue(
  p_queue text, p_max_running integer default null, p_max_per_key integer default null)
returns void language plpgsql set search_path = '' as $$
begin
  if p_queue = '*' and p_max_per_key is not null then
    raise exception using errcode = '22023', message = 'a limit per key belongs to one queue, not to all together';
  end if;
  update durable.queue set max_running = p_max_running, max_per_key = p_max_per_key where name = p_queue;
  if not found then
    raise exception using errcode = '22023', message = format('there is no queue "%s"', p_queue);
  end if;
  with woken as (
    delete from durable.parked p using durable.task h
    where h.id = p.task and p.wait = 'limit' and (p_queue = '*' or h.queue = p_queue)
    returning p.task, p.since, p.retries, p.losses, p.slots)
  insert into durable.timer (task, due_at, reason, retries, losses, slots)
    select w.task, w.since, 'admission', w.retries, w.losses, w.slots from woken w;
end $$;
