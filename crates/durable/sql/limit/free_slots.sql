-- Gives slots back and, for each, lets the longest waiting task of that limit try again. By name is the order of locking.
create or replace function durable.free_slots(p_slots text[])
returns void language plpgsql set search_path = '' as $$
declare
  r record;
begin
  if p_slots is null then
    return;
  end if;
  for r in select s.name, count(*)::integer as count from unnest(p_slots) s (name) group by s.name order by s.name loop
    update durable.concurrency set used = used - r.count where name = r.name;
    perform durable.wake_waiting(r.name, r.count);
  end loop;
end $$;
