-- The live attempt of a task: who works on it and until when. No row when it is not running.
create or replace function durable.holder(p_task uuid)
returns table (token bigint, worker bigint, worker_name text, external boolean, lease_until timestamptz,
               started_at timestamptz, retries integer)
language sql stable set search_path = '' as $$
  select r.token, r.worker, w.name, w.external, w.lease_until, r.started_at, r.retries
  from durable.run r join durable.worker w on w.id = r.worker where r.task = p_task;
$$;
