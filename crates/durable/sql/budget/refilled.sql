-- What is left of a budget after the time since it was last written.
create or replace function durable.refilled(p_budget durable.budget, p_now timestamptz)
returns durable.budget language plpgsql stable set search_path = '' as $$
declare
  b durable.budget := p_budget;
  v_seconds double precision := greatest(0, extract(epoch from p_now - b.refilled_at));
begin
  b.requests_left := least(durable.burst(b.requests), b.requests_left + durable.flow(b.requests) * v_seconds);
  b.input_left := least(durable.burst(b.input_tokens), b.input_left + durable.flow(b.input_tokens) * v_seconds);
  b.output_left := least(durable.burst(b.output_tokens), b.output_left + durable.flow(b.output_tokens) * v_seconds);
  b.refilled_at := greatest(b.refilled_at, p_now);
  return b;
end $$;
