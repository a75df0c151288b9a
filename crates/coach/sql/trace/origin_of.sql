-- The task that a task came from: the first that waits for it, or the job that its push speaks of; null: it came from outside.
create or replace function coach.origin_of(p_task uuid)
returns uuid language sql stable set search_path = '' as $$
  select coalesce(
    (select c.parent from durable.child c join durable.task p on p.id = c.parent where c.child = p_task
     order by p.created_at, p.id limit 1),
    (select j.id from durable.task t join durable.task j on j.id = (t.input ->> 'job_id')::uuid
     where t.id = p_task and t.kind in ('send_push', 'check_push_receipts')));
$$;
