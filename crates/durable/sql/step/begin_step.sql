-- Writes the intent of a step before its work, fenced, or says why not. p_terms, all optional:
--   estimate     what one sending costs, in micro-dollars (0)
--   unsure       'resend' (the default) or 'park': what to do where nobody knows how the last sending ended
--   cost_cap     the most that all sendings of this step may cost
--   time_limit   seconds from the first begin, over all attempts
--   task_cap     the most that all steps of this task may cost
--   caps         [{"scope", "daily", "cap"}]: the most that may be spent on a scope, in a day (UTC) or ever
--   budget       {"name", "input_tokens", "output_tokens"}: what one sending takes from a budget
-- p_sending names this begin: the same begin may be sent again and gets the same answer. p_handle_dead declares the
-- handle dead, and with it the end of the last sending unknown. The answer, with the seconds
-- until the step's deadline, if it has one:
--   begun, repeat   do the work; repeat: an earlier sending may have been paid for
--   resumed         go on with this handle and the last partial
--   done            here is the output
--   changed         the name was used for another request, a mistake in the task's code
--   parked          the task has left its worker and waits for durable.decide_step
--   capped, late, declined   the step fails: cost cap, time limit, a person's word
--   refused         the step fails: output names the cap, {"scope", "used", "cap"}
--   wait            nothing was written: ask the budget again in so many seconds, infinity: never
--   lost            (task, token) no longer holds the task
create or replace function durable.begin_step(
  p_task uuid, p_token bigint, p_name text, p_request_hash text, p_terms jsonb default '{}',
  p_sending uuid default gen_random_uuid(), p_handle_dead boolean default false,
  p_now timestamptz default clock_timestamp())
returns table (state text, output jsonb, handle jsonb, partial jsonb, seconds double precision)
language plpgsql set search_path = '' as $$
declare
  v_step durable.step;
  v_estimate bigint := coalesce((p_terms ->> 'estimate')::bigint, 0);
  v_cost_cap bigint := (p_terms ->> 'cost_cap')::bigint;
begin
  -- The lock is the fence, and lets one step of a task begin at a time.
  perform from durable.run r where r.task = p_task and r.token = p_token for no key update;
  if not found then
    state := 'lost';
    return next; return;
  end if;
  select * into v_step from durable.step s where s.task = p_task and s.name = p_name for update;
  if v_step.task is null then
    v_step.cost := 0;
    v_step.deadline := p_now + make_interval(secs => (p_terms ->> 'time_limit')::double precision);
  end if;
  if v_step.request_hash <> p_request_hash then
    state := 'changed';
  elsif v_step.state = 'done' then
    state := 'done'; output := v_step.output;
  elsif v_step.state = 'declined' then
    state := 'declined';
  elsif v_step.deadline <= p_now then
    perform durable.loosen_handles(p_task, p_name, p_now);
    state := 'late';
  elsif v_step.sending = p_sending then
    state := case when v_step.handle is not null then 'resumed' when v_step.repeats > 0 then 'repeat' else 'begun' end;
    handle := v_step.handle; partial := v_step.partial;
  elsif v_step.handle is not null and not p_handle_dead then
    update durable.step s set resumed = s.resumed + 1, sending = p_sending where s.task = p_task and s.name = p_name;
    perform durable.note(p_task, 'step_resumed', jsonb_build_object('step', p_name), p_now);
    state := 'resumed'; handle := v_step.handle; partial := v_step.partial;
  elsif v_step.state in ('begun', 'parked') and p_terms ->> 'unsure' = 'park' then
    perform durable.park_step(p_task, p_token, p_name, p_now);
    state := 'parked';
  elsif v_step.state is distinct from 'approved' and v_step.cost + v_estimate > v_cost_cap then
    state := 'capped';
  else
    v_step.task := p_task; v_step.name := p_name; v_step.request_hash := p_request_hash;
    v_step.sending := p_sending; v_step.estimate := v_estimate;
    select a.state, a.output, a.seconds into state, output, seconds from durable.send_step(v_step, p_terms, p_now) a;
  end if;
  seconds := coalesce(seconds, extract(epoch from v_step.deadline - p_now));
  return next;
end $$;
