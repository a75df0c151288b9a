-- An operator's cancel: the task ends in this transaction and its contract row with it. Raises 404 and 409.
create or replace function coach.cancel_task(p_task uuid)
returns void language plpgsql set search_path = '' as $$
begin
  if durable.finish(p_task, 'cancelled', null, 'CANCELLED') then
    return;
  end if;
  perform from durable.task t where t.id = p_task;
  if not found then
    perform coach.refuse(404, 'NOT_FOUND', 'There is no task of this id.');
  end if;
  perform coach.refuse(409, 'INVALID_STATE', 'This task has ended already.');
end $$;
