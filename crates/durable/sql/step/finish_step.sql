-- Writes a step's output, fenced; from then on it is replayed. p_cost is what the last sending cost in truth, in
-- micro-dollars; null: as estimated. p_usage may hold the numbers "input_tokens" and "output_tokens", which settle the
-- step's budget; those and "cached_input_tokens", "reasoning_tokens" and "estimated" (true: the caller counted, the cost is no
-- more than an estimate) are what durable.budget_use keeps. May be repeated. False when (task, token) no longer holds the task.
create or replace function durable.finish_step(
  p_task uuid, p_token bigint, p_name text, p_output jsonb, p_cost bigint default null, p_usage jsonb default null,
  p_now timestamptz default clock_timestamp())
returns boolean language plpgsql set search_path = '' as $$
declare
  v_step durable.step;
  v_cost bigint;
begin
  if not durable.holds(p_task, p_token) then
    return false;
  end if;
  select * into v_step from durable.step where task = p_task and name = p_name for update;
  if v_step.state = 'done' then
    return true;
  end if;
  v_cost := coalesce(p_cost, v_step.estimate);
  perform durable.settle_budget(v_step.reservation, 1, durable.token_count(p_usage -> 'input_tokens'),
    durable.token_count(p_usage -> 'output_tokens'), p_now);
  perform durable.spend(v_step.spent_on, v_cost - v_step.estimate);
  perform durable.count_use(p_task, v_step.budget, v_step.started_at, 0, v_cost - v_step.estimate,
    case when p_cost is null or p_usage @> '{"estimated": true}' then v_cost else 0 end - v_step.estimate, p_usage);
  update durable.step set state = 'done', output = p_output, cost = cost - estimate + v_cost, estimate = v_cost,
      usage = p_usage, partial = null, ended_at = p_now
    where task = p_task and name = p_name;
  return found;
end $$;
