-- Tells the callers of a used-up budget one after the other when to ask again, each as much later as the one before takes to
-- flow in, so that thousands who wait do not all ask at once: what it will use, by the share that calls used of late, not what it
-- reserves, or the limit would never be used up. Nobody is sent further than a minute beyond p_wait: those who were told may have
-- died, or not waited. Returns seconds.
create or replace function durable.line_up(
  b durable.budget, p_wait double precision, p_input bigint, p_output bigint, p_now timestamptz)
returns double precision language plpgsql set search_path = '' as $$
declare
  v_wait double precision := ceil(1000 * greatest(p_wait, least(p_wait + 60, extract(epoch from b.line_until - p_now)))) / 1000;
begin
  update durable.budget set line_until = p_now + make_interval(secs => v_wait + coalesce(greatest(
      1 / durable.flow(b.requests), p_input * b.input_share / durable.flow(b.input_tokens),
      p_output * b.output_share / durable.flow(b.output_tokens)), 0))
    where name = b.name;
  return v_wait;
end $$;
