-- Writes the intent of a step before its work, fenced. 'begun': do the work. 'done': the output of the finished work.
-- 'repeat': an earlier attempt began it and nobody knows how it ended; counted in step.begun. 'changed': the same name was
-- used for another request, a mistake in the task's code. 'lost': (task, token) no longer holds the task.
create or replace function durable.begin_step(
  p_task uuid, p_token bigint, p_name text, p_request_hash text, p_now timestamptz default clock_timestamp())
returns table (state text, output jsonb) language plpgsql set search_path = '' as $$
declare
  v_step durable.step;
begin
  perform from durable.run r where r.task = p_task and r.token = p_token for share;
  if not found then
    return query select 'lost', null::jsonb;
    return;
  end if;
  insert into durable.step as s (task, name, request_hash, state, started_at)
    values (p_task, p_name, p_request_hash, 'begun', p_now) on conflict (task, name) do nothing;
  if found then
    return query select 'begun', null::jsonb;
    return;
  end if;
  select * into v_step from durable.step s where s.task = p_task and s.name = p_name for update;
  if v_step.request_hash <> p_request_hash then
    return query select 'changed', null::jsonb;
  elsif v_step.state = 'done' then
    return query select 'done', v_step.output;
  else
    update durable.step s set begun = s.begun + 1, started_at = p_now where s.task = p_task and s.name = p_name;
    return query select 'repeat', null::jsonb;
  end if;
end $$;
