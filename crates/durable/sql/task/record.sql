-- Appends an event to a task's log, fenced. False when (task, token) no longer holds the task.
create or replace function durable.record(
  p_task uuid, p_token bigint, p_type text, p_data jsonb default '{}', p_now timestamptz default clock_timestamp())
returns boolean language plpgsql set search_path = '' as $$
begin
  perform from durable.run where task = p_task and token = p_token for share;
  if not found then
    return false;
  end if;
  insert into durable.event (task, at, type, data) values (p_task, p_now, p_type, p_data);
  return true;
end $$;
