-- Makes a budget known, or changes its limits; what is left of it stays. Limits a minute, null: none.
create or replace function durable.set_budget(
  p_name text, p_requests bigint default null, p_input_tokens bigint default null, p_output_tokens bigint default null,
  p_concurrent integer default null, p_now timestamptz default clock_timestamp())
returns void language sql set search_path = '' as $$
  insert into durable.budget as b (name, requests, input_tokens, output_tokens, concurrent,
    requests_left, input_left, output_left, refilled_at)
  values (p_name, p_requests, p_input_tokens, p_output_tokens, p_concurrent,
    durable.burst(p_requests), durable.burst(p_input_tokens), durable.burst(p_output_tokens), p_now)
  on conflict (name) do update set requests = p_requests, input_tokens = p_input_tokens,
    output_tokens = p_output_tokens, concurrent = p_concurrent,
    requests_left = least(b.requests_left, excluded.requests_left),
    input_left = least(b.input_left, excluded.input_left),
    output_left = least(b.output_left, excluded.output_left)
  where (b.requests, b.input_tokens, b.output_tokens, b.concurrent)
    is distinct from (p_requests, p_input_tokens, p_output_tokens, p_concurrent);
$$;
