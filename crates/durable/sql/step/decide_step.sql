-- A person's word on a step that parked its task: 'resend' (once more, whatever it may cost), 'done' (p_output is what it
-- came to) or 'fail' (it fails with STEP_DECLINED). The task goes on. Raises 22023 when there is nothing to decide.
create or replace function durable.decide_step(
  p_task uuid, p_name text, p_decision text, p_output jsonb default null, p_now timestamptz default clock_timestamp())
returns void language plpgsql set search_path = '' as $$
declare
  v_parked durable.parked;
  v_task durable.task;
begin
  if p_decision not in ('resend', 'done', 'fail') or (p_decision = 'done') <> (p_output is not null) then
    raise exception using errcode = '22023', message = 'the decision is ''resend'', ''fail'', or ''done'' with an output';
  end if;
  delete from durable.parked where task = p_task and wait = 'person' returning * into v_parked;
  update durable.step set output = p_output, ended_at = case p_decision when 'resend' then null else p_now end,
      state = case p_decision when 'resend' then 'approved' when 'fail' then 'declined' else 'done' end
    where task = p_task and name = p_name and state = 'parked';
  if v_parked.task is null or not found then
    raise exception using errcode = '22023', message = format('task %s is not parked over a step "%s"', p_task, p_name);
  end if;
  perform durable.note(p_task, 'step_decided', jsonb_build_object('step', p_name, 'decision', p_decision), p_now);
  select * into v_task from durable.task where id = p_task;
  perform durable.tell(row(p_task, v_task.kind, v_task.input, 'parked',
    durable.put_back(v_task, v_parked.retries, v_parked.losses, null, p_now), v_parked.retries, v_parked.losses,
    null, null, null, null, null, null, null, null, p_now)::durable.transition, p_strict => true);
end $$;
