-- Adds to what a task's kind used of a budget (null: of none, and nothing is written) on the day of a sending; less than nothing
-- takes from it. p_estimated is the part of p_cost that is an estimate, p_usage what the sending is known to have used.
create or replace function durable.count_use(
  p_task uuid, p_budget text, p_sent_at timestamptz, p_calls integer, p_cost bigint, p_estimated bigint, p_usage jsonb default null)
returns void language sql set search_path = '' as $$
  insert into durable.budget_use as u
    (day, kind, budget, calls, cost, estimated_cost, input_tokens, cached_input_tokens, output_tokens, reasoning_tokens)
  select (p_sent_at at time zone 'UTC')::date, t.kind, p_budget, p_calls, p_cost, p_estimated,
    coalesce(durable.token_count(p_usage -> 'input_tokens'), 0), coalesce(durable.token_count(p_usage -> 'cached_input_tokens'), 0),
    coalesce(durable.token_count(p_usage -> 'output_tokens'), 0), coalesce(durable.token_count(p_usage -> 'reasoning_tokens'), 0)
  from durable.task t where t.id = p_task and p_budget is not null
  on conflict (day, kind, budget) do update set calls = u.calls + excluded.calls, cost = u.cost + excluded.cost,
    estimated_cost = u.estimated_cost + excluded.estimated_cost, input_tokens = u.input_tokens + excluded.input_tokens,
    cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
    output_tokens = u.output_tokens + excluded.output_tokens, reasoning_tokens = u.reasoning_tokens + excluded.reasoning_tokens;
$$;
