-- Duty of any worker: fires a schedule that was due at p_was, in one transaction: a task for each of the fire times given,
-- and the next one set. Nothing is done when another worker has it in hand or has done it. A task's id follows from the
-- schedule and the fire time; one that exists is not spawned again. Returns how many tasks it spawned.
create or replace function durable.fire_schedule(
  p_name text, p_was timestamptz, p_tasks uuid[], p_fires timestamptz[], p_missed bigint, p_next_at timestamptz,
  p_now timestamptz default clock_timestamp())
returns integer language plpgsql set search_path = '' as $$
declare
  v_schedule durable.schedule;
  v_count integer := 0;
begin
  select * into v_schedule from durable.schedule s
    where s.name = p_name and s.next_at = p_was and s.enabled for update skip locked;
  if not found then
    return 0;
  end if;
  for i in 1 .. cardinality(p_tasks) loop
    perform from durable.task t where t.id = p_tasks[i];
    continue when found;
    perform durable.spawn(p_tasks[i], v_schedule.kind, v_schedule.input, p_now => p_now);
    perform durable.note(p_tasks[i], 'scheduled', jsonb_build_object('schedule', p_name, 'at', p_fires[i]), p_now);
    v_count := v_count + 1;
  end loop;
  update durable.schedule s set next_at = p_next_at, missed = s.missed + p_missed,
    last_at = coalesce((select max(f) from unnest(p_fires) f), s.last_at)
    where s.name = p_name;
  return v_count;
end $$;
