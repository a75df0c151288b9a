-- Takes the slots that the given tasks still need, one kind of limit after the other, so that everybody locks in the same
-- order: of its key, of its queue, of all queues. What finds a limit full, or its queue paused, is parked with the slots that
-- it has, but for the one of all queues together. Returns the tasks that may enter ready, with their slots.
create or replace function durable.admit(p_waiting durable.timer[])
returns setof durable.timer language plpgsql set search_path = '' as $$
declare
  v_waiting durable.timer[];
  v_paused durable.timer[];
  v_total text[];
begin
  select array_agg(w) filter (where q.paused_at is null), array_agg(w) filter (where q.paused_at is not null),
         array_agg('total'::text) filter (where q.paused_at is not null and 'total' = any (w.slots))
    into v_waiting, v_paused, v_total
    from unnest(p_waiting) w join durable.task h on h.id = w.task join durable.queue q on q.name = h.queue;
  for v_level in 1..3 loop
    v_waiting := array(select n from durable.take_slots(v_waiting, v_level) n);
  end loop;
  insert into durable.parked (task, since, reason, retries, losses, wait, waits_on, lane, slots)
    select w.task, w.due_at, 'queue paused', w.retries, w.losses, 'pause', h.queue, h.lane, nullif(array_remove(w.slots, 'total'), '{}')
    from unnest(v_paused) w join durable.task h on h.id = w.task;
  perform durable.free_slots(v_total);
  return query select w.* from unnest(v_waiting) w;
end $$;
