-- Takes a live attempt out of run, if (task, token) still holds it. The deleted row is the fence: no row, no write.
create or replace function durable.end_run(p_task uuid, p_token bigint)
returns durable.run language sql set search_path = '' as $$
  delete from durable.run where task = p_task and token = p_token returning *;
$$;
