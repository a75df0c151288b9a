-- Accepts a task for a key that is to be served once: whoever comes later gets the same task, running or succeeded. One
-- that failed or was cancelled is followed by a new one. Returns the task's id.
create or replace function durable.spawn_once(
  p_kind text, p_once text, p_input jsonb, p_max_retries integer default null, p_lane integer default 0,
  p_key text default null, p_now timestamptz default clock_timestamp())
returns uuid language plpgsql set search_path = '' as $$
declare
  v_new uuid := gen_random_uuid();
  v_task uuid;
begin
  insert into durable.once as o (kind, key, task) values (p_kind, p_once, v_new)
    on conflict (kind, key) do update set task = o.task returning o.task into v_task;
  if v_task <> v_new then
    perform from durable.task t where t.id = v_task and (t.outcome is null or t.outcome = 'succeeded');
    if found then
      return v_task;
    end if;
    update durable.once set task = v_new where kind = p_kind and key = p_once;
  end if;
  perform durable.spawn(v_new, p_kind, p_input, p_max_retries, p_lane => p_lane, p_key => p_key, p_now => p_now);
  return v_new;
end $$;
