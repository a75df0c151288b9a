-- Duty of anybody: adds what has ended to the hours, at most p_limit events at a time and each once. Returns how many
-- settled events are left to count; 0 also where somebody else counts just now.
create or replace function durable.count_events(p_limit integer default 5000)
returns bigint language plpgsql set search_path = '' as $$
declare
  v_old durable.counted;
  v durable.counted;
begin
  select * into v_old from durable.counted c for update skip locked;
  if not found then
    return 0;
  end if;
  v := durable.settle_events(v_old);
  v.event := least(v_old.event + p_limit, v.settled);
  if v.event > v_old.event then
    perform durable.count_ends(v_old.event, v.event);
  end if;
  if v is distinct from v_old then
    update durable.counted set event = v.event, settled = v.settled, awaited = v.awaited, awaited_xmax = v.awaited_xmax,
      drawn = v.drawn;
  end if;
  return v.settled - v.event;
end $$;
