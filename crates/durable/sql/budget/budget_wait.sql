-- Seconds from p_now until a call of this size may go, 0: now. A call larger than the burst waits for the full burst and
-- leaves a debt. A place among the calls at once comes free when one of them ends: asked again within a second.
create or replace function durable.budget_wait(
  b durable.budget, p_input bigint, p_output bigint, p_now timestamptz)
returns double precision language sql stable set search_path = '' as $$
  select ceil(1000 * greatest(0,
    case when b.blocked_until > p_now then extract(epoch from b.blocked_until - p_now) end,
    (1 - b.requests_left) / durable.flow(b.requests),
    (least(p_input, durable.burst(b.input_tokens)) - b.input_left) / durable.flow(b.input_tokens),
    (least(p_output, durable.burst(b.output_tokens)) - b.output_left) / durable.flow(b.output_tokens),
    (select least(1, extract(epoch from min(r.expires_at) - p_now)) from durable.reservation r
      where r.budget = b.name and r.expires_at > p_now having count(*) >= b.concurrent))) / 1000;
$$;
