-- An operator's word that a task should be tried now: one that waits for its time or for a person goes on, one that failed
-- or was cancelled is run again, once. Returns the task that goes on, itself or the new one. Raises 404 and 409.
create or replace function coach.retry_task(p_task uuid)
returns uuid language plpgsql set search_path = '' as $$
declare
  v_task durable.task;
begin
  select * into v_task from durable.task t where t.id = p_task for no key update;
  if not found then
    perform coach.refuse(404, 'NOT_FOUND', 'There is no task of this id.');
  elsif v_task.outcome = 'succeeded' then
    perform coach.refuse(409, 'INVALID_STATE', 'This task succeeded. Replay it if it should be done once more.');
  elsif v_task.outcome is not null then
    perform from durable.event e where e.task = p_task and e.type = 'replayed';
    if found then
      perform coach.refuse(409, 'ALREADY_REPLAYED', 'This task was run again already. Replay it if it should be done once more.');
    end if;
    return coach.replay_task(p_task);
  elsif durable.unpark(p_task) or durable.hasten(p_task) then
    return p_task;
  end if;
  perform coach.refuse(409, 'INVALID_STATE', 'There is nothing to hurry. ' || durable.why(p_task));
end $$;
