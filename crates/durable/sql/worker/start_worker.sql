-- Enters a worker: one process of ours, or one claim of an external one. Raises 23505 when the name is in use.
create or replace function durable.start_worker(
  p_name text, p_queues text[], p_external boolean default false, p_lease interval default '15 seconds',
  p_now timestamptz default clock_timestamp())
returns bigint language sql set search_path = '' as $$
  insert into durable.worker (name, queues, external, started_at, lease_until)
  values (p_name, p_queues, p_external, p_now, p_now + p_lease) returning id;
$$;
