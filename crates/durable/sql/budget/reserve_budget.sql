-- Asks for one call of this (estimated) size. Null: it may go, and is debited in all dimensions under the lock of one row.
-- Otherwise nothing is debited and the answer is how many seconds to wait before asking again, another for each who asks;
-- infinity: the call is larger than a minute's limit and never can go. p_id names the call: asked again, it is not debited twice.
create or replace function durable.reserve_budget(
  p_id uuid, p_name text, p_input bigint default 0, p_output bigint default 0, p_hold interval default '15 minutes',
  p_now timestamptz default clock_timestamp())
returns double precision language plpgsql set search_path = '' as $$
declare
  b durable.budget := durable.lock_budget(p_name, p_now);
  v_wait double precision;
begin
  if exists (select from durable.reservation where id = p_id) then
    return null;
  elsif p_input > b.input_tokens or p_output > b.output_tokens then
    return 'infinity';
  end if;
  v_wait := durable.budget_wait(b, p_input, p_output, p_now);
  if v_wait > 0 then
    return durable.line_up(b, v_wait, p_input, p_output, p_now);
  end if;
  perform durable.write_budget(b, 1, p_input, p_output);
  delete from durable.reservation where budget = p_name and expires_at <= p_now;
  insert into durable.reservation (id, budget, input_tokens, output_tokens, expires_at)
    values (p_id, p_name, p_input, p_output, p_now + p_hold);
  return null;
end $$;
