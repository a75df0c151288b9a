-- Whether (task, token) holds the task, and goes on holding it to the end of the caller's transaction: what is written
-- there is fenced.
create or replace function durable.holds(p_task uuid, p_token bigint)
returns boolean language plpgsql set search_path = '' as $$
begin
  perform from durable.run where task = p_task and token = p_token for share;
  return found;
end $$;
