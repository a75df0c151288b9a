-- Heeds what a provider says is left (null: it did not say): less than we thought is believed, more is not, since the headers
-- of calls at once arrive in any order. Where nothing is left, nothing goes before that limit's reset.
create or replace function durable.lower_budget(
  p_name text, p_requests_left bigint default null, p_requests_reset timestamptz default null,
  p_input_left bigint default null, p_input_reset timestamptz default null,
  p_output_left bigint default null, p_output_reset timestamptz default null,
  p_now timestamptz default clock_timestamp())
returns void language plpgsql set search_path = '' as $$
declare
  b durable.budget := durable.lock_budget(p_name, p_now);
begin
  b.blocked_until := greatest(b.blocked_until,
    case when p_requests_left <= 0 then p_requests_reset end,
    case when p_input_left <= 0 then p_input_reset end,
    case when p_output_left <= 0 then p_output_reset end);
  -- greatest() passes over nulls; a dimension without a limit stays without.
  perform durable.write_budget(b, greatest(0, b.requests_left - p_requests_left), greatest(0, b.input_left - p_input_left),
    greatest(0, b.output_left - p_output_left));
end $$;
