-- A person's word that a task which was set aside for one goes on. False when it is not set aside for a person.
create or replace function durable.unpark(p_task uuid, p_now timestamptz default clock_timestamp())
returns boolean language plpgsql set search_path = '' as $$
declare
  v_parked durable.parked;
  v_task durable.task;
begin
  delete from durable.parked where task = p_task and wait = 'person' returning * into v_parked;
  if not found then
    return false;
  end if;
  select * into v_task from durable.task where id = p_task;
  perform durable.note(p_task, 'unparked', '{}', p_now);
  perform durable.tell(row(p_task, v_task.kind, v_task.input, 'parked',
    durable.put_back(v_task, v_parked.retries, v_parked.losses, null, p_now), v_parked.retries, v_parked.losses,
    null, null, null, null, null, null, null, null, p_now)::durable.transition);
  return true;
end $$;
