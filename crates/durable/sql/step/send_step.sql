-- Writes the intent of a sending that the journal allows, if budget and spend caps allow it too. p_step is the row as it was
-- found (its state is null where there was none), with the new sending and its estimate. 'begun' or 'repeat'; 'wait' and
-- 'refused' as in durable.begin_step, and then nothing was written.
create or replace function durable.send_step(
  p_step durable.step, p_terms jsonb, p_now timestamptz, out state text, out output jsonb, out seconds double precision)
language plpgsql set search_path = '' as $$
declare
  v_budget jsonb := nullif(p_terms -> 'budget', 'null');
  v_spent_on jsonb := durable.spend_scopes(p_terms, p_now);
begin
  if v_budget is not null then
    seconds := durable.reserve_budget(p_step.sending, v_budget ->> 'name',
      coalesce((v_budget ->> 'input_tokens')::bigint, 0), coalesce((v_budget ->> 'output_tokens')::bigint, 0),
      coalesce(make_interval(secs => (p_terms ->> 'time_limit')::double precision), '15 minutes'), p_now);
    if seconds is not null then
      state := 'wait';
      return;
    end if;
  end if;
  output := durable.spend_refusal(p_step.task, p_step.estimate, p_terms, p_now);
  if output is not null then
    perform durable.settle_budget(p_step.sending, 0, 0, 0, p_now);
    state := 'refused';
    return;
  end if;
  perform durable.spend(v_spent_on, p_step.estimate);
  perform durable.count_use(p_step.task, v_budget ->> 'name', p_now, 1, p_step.estimate, p_step.estimate);
  insert into durable.step as s
    (task, name, request_hash, state, sending, estimate, cost, started_at, deadline, spent_on, reservation, budget)
    values (p_step.task, p_step.name, p_step.request_hash, 'begun', p_step.sending, p_step.estimate, p_step.estimate,
      p_now, p_step.deadline, v_spent_on, p_step.sending, v_budget ->> 'name')
    on conflict (task, name) do update set state = 'begun', begun = s.begun + 1, sending = excluded.sending,
      repeats = s.repeats + (s.state <> 'withdrawn')::integer, handle = null, partial = null,
      estimate = excluded.estimate, cost = s.cost + excluded.estimate, started_at = p_now,
      spent_on = excluded.spent_on, reservation = excluded.reservation, budget = excluded.budget;
  state := case when p_step.state is null or p_step.state = 'withdrawn' then 'begun' else 'repeat' end;
  if state = 'repeat' then
    perform durable.note(p_step.task, 'step_repeated', jsonb_build_object('step', p_step.name, 'by', p_step.state), p_now);
  end if;
end $$;
