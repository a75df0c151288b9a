-- Ends a reserved call with what it used in truth (null: as reserved; p_requests 0: it never reached the provider): the rest is
-- given back, or more is taken. False when it was settled before or its hold ran out; then nothing changes.
create or replace function durable.settle_budget(
  p_id uuid, p_requests integer default 1, p_input bigint default null, p_output bigint default null,
  p_now timestamptz default clock_timestamp())
returns boolean language plpgsql set search_path = '' as $$
declare
  v_name text := (select budget from durable.reservation where id = p_id);
  b durable.budget;
  r durable.reservation;
begin
  if v_name is null then
    return false;
  end if;
  b := durable.lock_budget(v_name, p_now);
  delete from durable.reservation where id = p_id returning * into r;
  if found then
    if p_requests > 0 then
      b.input_share := durable.share(b.input_share, p_input, r.input_tokens);
      b.output_share := durable.share(b.output_share, p_output, r.output_tokens);
    end if;
    perform durable.write_budget(b, p_requests - 1,
      coalesce(p_input, r.input_tokens) - r.input_tokens, coalesce(p_output, r.output_tokens) - r.output_tokens);
    return true;
  end if;
  return false;
end $$;
