-- Writes what became of pushes and spawns what follows, in one transaction. p_input is the task's own input, p_outcomes a list
-- of {push_token, was, sends, state, receipt_id, code, wait_seconds, disable}. An outcome of a send that another attempt has
-- since overtaken changes nothing: state and number of sends must still be those it speaks of. wait_seconds plans a send of its
-- own; without it a waiting ticket is left to the task's retry. A device that signed in again since the send stays enabled.
create or replace function coach.record_push(
  p_input jsonb, p_outcomes jsonb, p_check_seconds double precision default null,
  p_now timestamptz default clock_timestamp())
returns void language plpgsql set search_path = '' as $$
declare
  v_id public.user_notifications.id%type := p_input ->> 'notification_id';
  v_token public.push_tokens.id%type;
  v_begun timestamptz;
  v_waits double precision[] := '{}';
  v_outcome record;
begin
  for v_outcome in select * from jsonb_to_recordset(p_outcomes) as o (push_token text, was text, sends integer, state text,
      receipt_id text, code text, wait_seconds double precision, disable boolean) order by o.push_token
  loop
    v_token := v_outcome.push_token;
    update coach.push_ticket k set state = v_outcome.state, error_code = v_outcome.code, receipt_id = coalesce(v_outcome.receipt_id, k.receipt_id),
        accepted_at = case v_outcome.state when 'accepted' then p_now else k.accepted_at end,
        due_at = p_now + make_interval(secs => coalesce(v_outcome.wait_seconds, 0))
      where k.notification_id = v_id and k.push_token_id = v_token and k.state = v_outcome.was and k.sends = v_outcome.sends
      returning k.begun_at into v_begun;
    continue when not found;
    if v_outcome.disable then
      update public.push_tokens t set disabled_at = p_now
        where t.id = v_token and t.disabled_at is null and coalesce(t.updated_at <= v_begun, true);
    end if;
    if v_outcome.wait_seconds is not null and v_outcome.wait_seconds <> all (v_waits) then
      v_waits := v_waits || v_outcome.wait_seconds;
    end if;
  end loop;
  perform durable.spawn(gen_random_uuid(), 'send_push', p_input, p_due_at => p_now + make_interval(secs => wait))
    from unnest(v_waits) wait;
  if p_check_seconds is not null then
    perform durable.spawn(gen_random_uuid(), 'check_push_receipts', p_input,
      p_due_at => p_now + make_interval(secs => p_check_seconds));
  end if;
end $$;
