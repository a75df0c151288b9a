-- Takes back the intent of a begun step, fenced: the sending is known to have cost nothing (it was refused, or never
-- left), so the next begin is no repeat. False when (task, token) no longer holds the task.
create or replace function durable.withdraw_step(p_task uuid, p_token bigint, p_name text)
returns boolean language plpgsql set search_path = '' as $$
begin
  if not durable.holds(p_task, p_token) then
    return false;
  end if;
  update durable.step set state = 'withdrawn', handle = null, partial = null, cost = cost - estimate, estimate = 0
    where task = p_task and name = p_name and state = 'begun';
  return true;
end $$;
