-- Puts a live task that is in no place into ready, or, where a limit or a pause has a word in it, into timer, from where it
-- is admitted. Slots that it holds count as admission. Returns 'ready' or 'waiting'.
create or replace function durable.put_back(
  p_task durable.task, p_retries integer, p_losses integer, p_slots text[], p_now timestamptz)
returns text language plpgsql set search_path = '' as $$
begin
  perform from durable.queue q join durable.queue a on a.name = '*'
    where q.name = p_task.queue and (q.paused_at is not null or p_slots is null and (
      q.max_running is not null or a.max_running is not null or q.max_per_key is not null and p_task.key is not null));
  if found then
    insert into durable.timer (task, due_at, reason, retries, losses, slots)
      values (p_task.id, p_now, 'admission', p_retries, p_losses, p_slots);
    return 'waiting';
  end if;
  insert into durable.ready (queue, lane, task, retries, losses, slots)
    values (p_task.queue, p_task.lane, p_task.id, p_retries, p_losses, p_slots);
  return 'ready';
end $$;
