-- Writes a locked budget back, less what is taken of it. What is given (less than nothing taken) does not fill it beyond its burst.
create or replace function durable.write_budget(
  b durable.budget, p_requests double precision, p_input double precision, p_output double precision)
returns void language sql set search_path = '' as $$
  update durable.budget set refilled_at = b.refilled_at, blocked_until = b.blocked_until,
    input_share = b.input_share, output_share = b.output_share,
    requests_left = least(durable.burst(b.requests), b.requests_left - p_requests),
    input_left = least(durable.burst(b.input_tokens), b.input_left - p_input),
    output_left = least(durable.burst(b.output_tokens), b.output_left - p_output)
  where name = b.name;
$$;
