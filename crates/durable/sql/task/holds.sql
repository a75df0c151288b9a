-- Whether (task, token) holds the task, and goes on holding it to the end of the caller's transaction: what is written
-- there is fenced.
create or replace function durable.holds(p_task uuid, p_token bigint)
returns boolean language plpgsql set search_path = '' as $$
begin
  -- A process that stops in the middle of that transaction must not keep others from the task for longer than a lease.
  perform set_config('idle_in_transaction_session_timeout', '15s', true);
  perform from durable.run where task = p_task and token = p_token for share;
  return found;
end $$;
