-- Tells the kind's hook of a transition that has just been written. False: the hook raised and the task was parked
-- instead (p_strict: the error is let out, for calls that run in the caller's own transaction).
create or replace function durable.tell(p_transition durable.transition, p_strict boolean default false)
returns boolean language plpgsql set search_path = '' as $$
declare
  v_hook text;
  v_error text;
  v_slots text[];
begin
  select k.on_transition into v_hook from durable.kind k where k.name = p_transition.kind;
  if v_hook is null then
    return true;
  end if;
  if p_strict then
    execute format('select %s($1)', v_hook) using p_transition;
    return true;
  end if;
  v_error := durable.call_hook(v_hook, p_transition);
  if v_error is null then
    return true;
  end if;
  -- Out of whatever place the transition put it in, back among the living, and aside for a person to look at.
  with place as (
    delete from durable.run where task = p_transition.task returning slots),
  line as (delete from durable.ready where task = p_transition.task returning slots),
  clock as (delete from durable.timer where task = p_transition.task returning slots),
  aside as (delete from durable.parked where task = p_transition.task returning slots)
  select p.slots into v_slots
    from (select * from place union all select * from line union all select * from clock union all select * from aside) p;
  perform durable.free_slots(v_slots);
  update durable.task set outcome = null, ended_at = null, output = null, error_code = null, error_message = null
    where id = p_transition.task and outcome is not null;
  insert into durable.parked (task, since, reason, retries, losses)
    values (p_transition.task, p_transition.at, 'on_transition to ' || p_transition.to_state || ' raised ' || v_error,
            p_transition.retries, p_transition.losses);
  insert into durable.event (task, at, type, data)
    values (p_transition.task, p_transition.at, 'parked', jsonb_build_object('to', p_transition.to_state, 'error', v_error));
  return false;
end $$;
