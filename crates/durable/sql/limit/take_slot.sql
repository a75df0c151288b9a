-- Gives what is free of one limit to the first of the waiting tasks, and parks the rest. Returns those with a slot.
create or replace function durable.take_slot(p_limit text, p_capacity integer, p_waiting durable.timer[])
returns setof durable.timer language plpgsql set search_path = '' as $$
declare
  v_free integer;
begin
  insert into durable.concurrency as c (name, capacity) values (p_limit, p_capacity)
    on conflict (name) do update set capacity = excluded.capacity
    returning greatest(0, c.capacity - c.used) into v_free;
  update durable.concurrency set used = used + least(v_free, cardinality(p_waiting)) where name = p_limit;
  insert into durable.parked (task, since, reason, retries, losses, wait, waits_on, lane, slots)
    select w.task, w.due_at, 'limit reached', w.retries, w.losses, 'limit', p_limit, h.lane, w.slots
    from unnest(p_waiting[v_free + 1:]) w join durable.task h on h.id = w.task;
  return query select w.task, w.due_at, w.reason, w.retries, w.losses, w.slots || p_limit from unnest(p_waiting[:v_free]) w;
end $$;
