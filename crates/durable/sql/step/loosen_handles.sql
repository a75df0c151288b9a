-- Hands the provider's handles of a task's unfinished steps (or of one step) to the kind's cancel hook, which a worker
-- calls soon after.
create or replace function durable.loosen_handles(p_task uuid, p_name text, p_now timestamptz)
returns void language plpgsql set search_path = '' as $$
begin
  insert into durable.loose_handle (task, step, kind, handle, since, due_at)
    select s.task, s.name, t.kind, s.handle, p_now, p_now from durable.step s join durable.task t on t.id = s.task
    where s.task = p_task and s.name = coalesce(p_name, s.name) and s.handle is not null and s.state <> 'done'
    on conflict (task, step) do update set handle = excluded.handle, since = p_now, due_at = p_now, tries = 0;
  if found then
    update durable.step set handle = null
      where task = p_task and name = coalesce(p_name, name) and handle is not null and state <> 'done';
  end if;
end $$;
