-- Appends an event to a task's log, fenced. False when (task, token) no longer holds the task.
create or replace function durable.record(
  p_task uuid, p_token bigint, p_type text, p_data jsonb default '{}', p_now timestamptz default clock_timestamp())
returns boolean language plpgsql set search_path = '' as $$
begin
  if not durable.holds(p_task, p_token) then
    return false;
  end if;
  perform durable.note(p_task, p_type, p_data, p_now);
  return true;
end $$;
