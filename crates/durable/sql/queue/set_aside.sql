-- Moves what is ready in a paused queue to parked. It keeps its slots of the queue's own limits, which nobody else can use
-- now, and gives back the one of all queues together. Returns how many tasks it moved.
create or replace function durable.set_aside(p_queue text, p_now timestamptz default clock_timestamp())
returns integer language plpgsql set search_path = '' as $$
declare
  v_total text[];
  v_count integer;
begin
  with moved as (
    delete from durable.ready d where d.ctid = any (array(
      select c.ctid from durable.ready c where c.queue = p_queue order by c.queue, c.lane, c.ticket for update skip locked))
    returning d.task, d.lane, d.ticket, d.retries, d.losses, d.slots),
  put as (
    insert into durable.parked (task, since, reason, retries, losses, wait, waits_on, lane, slots)
      -- a microsecond each keeps the order in which they stood
      select m.task, p_now + row_number() over (order by m.ticket) * interval '1 microsecond', 'queue paused',
             m.retries, m.losses, 'pause', p_queue, m.lane, nullif(array_remove(m.slots, 'total'), '{}') from moved m)
  select array_agg('total'::text) filter (where 'total' = any (m.slots)), count(*) into v_total, v_count from moved m;
  perform durable.free_slots(v_total);
  return v_count;
end $$;
