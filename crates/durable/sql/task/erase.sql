-- Ends every live task of a key and forgets all of that key, now: what was asked and answered in their steps goes with them.
-- A running attempt loses its fence and can write nothing more. Returns how many tasks it forgot.
create or replace function durable.erase(p_key text, p_now timestamptz default clock_timestamp())
returns integer language plpgsql set search_path = '' as $$
declare
  v_tasks uuid[];
begin
  perform durable.finish(t.id, 'cancelled', null, 'CANCELLED', null, p_now, false)
    from durable.task t where t.key collate "C" = p_key and t.outcome is null;
  select array_agg(t.id) into v_tasks from durable.task t where t.key collate "C" = p_key;
  perform durable.forget(v_tasks);
  return coalesce(cardinality(v_tasks), 0);
end $$;
