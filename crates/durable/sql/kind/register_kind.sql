-- Makes a kind of task known, or changes what is known of it. Called at every migrate by the crate that owns the kind.
create or replace function durable.register_kind(
  p_kind text, p_queue text, p_on_transition text default null, p_max_retries integer default 3,
  p_run_limit interval default '15 minutes')
returns void language sql set search_path = '' as $$
  insert into durable.queue (name) values (p_queue) on conflict (name) do nothing;
  insert into durable.lane (queue, lane) values (p_queue, 0) on conflict (queue, lane) do nothing;
  insert into durable.kind (name, queue, on_transition, max_retries, run_limit)
  values (p_kind, p_queue, p_on_transition, p_max_retries, p_run_limit)
  on conflict (name) do update set queue = excluded.queue, on_transition = excluded.on_transition,
    max_retries = excluded.max_retries, run_limit = excluded.run_limit;
$$;
