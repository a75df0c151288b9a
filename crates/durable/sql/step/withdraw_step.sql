-- Takes back the intent of a begun step, fenced: the sending is known to have cost nothing (it was refused, or never
-- left), so the next begin is no repeat. False when (task, token) no longer holds the task.
create or replace function durable.withdraw_step(p_task uuid, p_token bigint, p_name text, p_now timestamptz default clock_timestamp())
returns boolean language plpgsql set search_path = '' as $$
declare
  v_step durable.step;
begin
  if not durable.holds(p_task, p_token) then
    return false;
  end if;
  select * into v_step from durable.step where task = p_task and name = p_name and state = 'begun' for update;
  if found then
    perform durable.settle_budget(v_step.reservation, 0, 0, 0, p_now);
    perform durable.spend(v_step.spent_on, -v_step.estimate);
    perform durable.count_use(p_task, v_step.budget, v_step.started_at, -1, -v_step.estimate, -v_step.estimate);
    update durable.step set state = 'withdrawn', handle = null, partial = null, cost = cost - estimate, estimate = 0
      where task = p_task and name = p_name;
  end if;
  return true;
end $$;
