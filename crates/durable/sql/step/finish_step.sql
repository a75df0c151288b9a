-- Writes a step's output, fenced; from then on it is replayed. p_cost is what the last sending cost in truth, in
-- micro-dollars; null: as estimated. May be repeated. False when (task, token) no longer holds the task.
create or replace function durable.finish_step(
  p_task uuid, p_token bigint, p_name text, p_output jsonb, p_cost bigint default null, p_usage jsonb default null,
  p_now timestamptz default clock_timestamp())
returns boolean language plpgsql set search_path = '' as $$
begin
  if not durable.holds(p_task, p_token) then
    return false;
  end if;
  update durable.step set state = 'done', output = p_output, cost = cost - estimate + coalesce(p_cost, estimate),
      estimate = coalesce(p_cost, estimate), usage = p_usage, partial = null, ended_at = p_now
    where task = p_task and name = p_name and state <> 'done';
  return found or exists (select from durable.step where task = p_task and name = p_name and state = 'done');
end $$;
