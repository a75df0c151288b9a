-- Takes the slots that the given tasks still need, one kind of limit after the other, so that everybody locks in the same
-- order: of its key, of its queue, of all queues. What finds a limit full is parked, with the slots that it has; what
-- finds its queue paused is parked without. Returns the tasks that may enter ready, with their slots.
create or replace function durable.admit(p_waiting durable.timer[])
returns setof durable.timer language plpgsql set search_path = '' as $$
declare
  v_waiting durable.timer[] := p_waiting;
  v_level integer;
  r record;
begin
  for r in
    select w.task, w.due_at, w.retries, w.losses, w.slots, h.queue, h.lane
    from unnest(v_waiting) w join durable.task h on h.id = w.task join durable.queue q on q.name = h.queue
    where q.paused_at is not null order by w.task
  loop
    insert into durable.parked (task, since, reason, retries, losses, wait, waits_on, lane)
      values (r.task, r.due_at, 'queue paused', r.retries, r.losses, 'pause', r.queue, r.lane);
    perform durable.free_slots(r.slots);
    v_waiting := array(select w from unnest(v_waiting) w where w.task <> r.task);
  end loop;
  for v_level in 1..3 loop
    v_waiting := array(select n from durable.take_slots(v_waiting, v_level) n);
  end loop;
  return query select w.* from unnest(v_waiting) w;
end $$;
