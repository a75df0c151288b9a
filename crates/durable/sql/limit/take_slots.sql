-- One round of durable.admit: the slots of level 1 (the task's key), 2 (its queue) or 3 (all queues). Returns the tasks that
-- got one or need none; the others are parked.
create or replace function durable.take_slots(p_waiting durable.timer[], p_level integer)
returns setof durable.timer language plpgsql set search_path = '' as $$
declare
  v_need record;
begin
  for v_need in
    select l.name, l.capacity, array_agg(w order by h.lane, w.due_at, w.task) as waiting
    from unnest(p_waiting) w
    join durable.task h on h.id = w.task
    join durable.queue q on q.name = h.queue
    join durable.queue a on a.name = '*'
    cross join lateral (
      select case p_level when 1 then 'key ' || h.queue || ' ' || h.key when 2 then 'queue ' || h.queue else 'total' end as name,
             case p_level when 1 then q.max_per_key when 2 then q.max_running else a.max_running end as capacity) l
    where l.name is not null and l.capacity is not null and l.name <> all (coalesce(w.slots, '{}'))
    group by l.name, l.capacity order by l.name
  loop
    p_waiting := array(select w from unnest(p_waiting) w
                       where w.task not in (select n.task from unnest(v_need.waiting) n));
    return query select w.* from durable.take_slot(v_need.name, v_need.capacity, v_need.waiting) w;
  end loop;
  return query select w.* from unnest(p_waiting) w;
end $$;
