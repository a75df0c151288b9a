-- Writes a step's output, fenced; from then on it is replayed. False when (task, token) no longer holds the task.
create or replace function durable.finish_step(
  p_task uuid, p_token bigint, p_name text, p_output jsonb, p_now timestamptz default clock_timestamp())
returns boolean language plpgsql set search_path = '' as $$
begin
  perform from durable.run where task = p_task and token = p_token for share;
  if not found then
    return false;
  end if;
  update durable.step set state = 'done', output = p_output, ended_at = p_now
    where task = p_task and name = p_name and state = 'begun';
  return found;
end $$;
