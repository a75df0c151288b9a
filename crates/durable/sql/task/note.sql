-- Appends an event to a task's log from outside an attempt, in the caller's own transaction.
create or replace function durable.note(
  p_task uuid, p_type text, p_data jsonb default '{}', p_now timestamptz default clock_timestamp())
returns void language sql set search_path = '' as $$
  insert into durable.event (task, at, type, data) values (p_task, p_now, p_type, p_data);
$$;
