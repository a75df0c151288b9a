-- Writes under which handle the provider keeps the work of a begun step, fenced: a later attempt gets it. False when
-- (task, token) no longer holds the task or the step is not begun.
create or replace function durable.keep_handle(p_task uuid, p_token bigint, p_name text, p_handle jsonb)
returns boolean language plpgsql set search_path = '' as $$
begin
  if not durable.holds(p_task, p_token) then
    return false;
  end if;
  update durable.step set handle = p_handle where task = p_task and name = p_name and state = 'begun';
  return found;
end $$;
