-- Forgets ended tasks, with all that hangs on them.
create or replace function durable.forget(p_tasks uuid[])
returns void language plpgsql set search_path = '' as $$
begin
  delete from durable.step s where s.task = any (p_tasks);
  delete from durable.event e where e.task = any (p_tasks);
  delete from durable.child c where c.parent = any (p_tasks);
  delete from durable.once o where o.task = any (p_tasks);
  delete from durable.deadline d where d.task = any (p_tasks);
  delete from durable.dead_letter d where d.task = any (p_tasks);
  delete from durable.task t where t.id = any (p_tasks);
end $$;
