-- Gives a replay the steps that its original had done before p_before.
create or replace function durable.copy_steps(p_from uuid, p_to uuid, p_before timestamptz)
returns void language sql set search_path = '' as $$
  insert into durable.step (task, name, request_hash, state, begun, output, started_at, ended_at)
    select p_to, s.name, s.request_hash, s.state, s.begun, s.output, s.started_at, s.ended_at
    from durable.step s where s.task = p_from and s.state = 'done' and s.started_at < p_before;
$$;
