select day::text as "day!", kind, budget, calls, cost, estimated_cost, input_tokens, cached_input_tokens, output_tokens, reasoning_tokens
from durable.budget_use
where day > (now() at time zone 'UTC')::date - $1::integer
order by day, kind, budget
