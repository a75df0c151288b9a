-- A row beside each task, shaped like `plan_generation_jobs`: written with the spawn, moved by the kind's hook in the
-- transaction of the claim and of the end.
create table bench.contract_row (
  id uuid primary key,
  user_id uuid not null,
  status text not null default 'pending',
  profile_snapshot jsonb not null,
  result_plan_id uuid,
  error_message text,
  error_code text,
  retry_count integer not null default 0,
  max_retries integer not null default 3,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  completed_at timestamptz,
  worker_id text,
  locked_until timestamptz,
  cycle_week_start_date date,
  target_plan_id uuid,
  is_redo boolean not null default false,
  request_reason text
);
create index contract_row_user on bench.contract_row (user_id, created_at);

create function bench.mirror(p_transition durable.transition)
returns void language plpgsql set search_path = '' as $$
begin
  case p_transition.to_state
    when 'running' then
      update bench.contract_row set status = 'processing', started_at = p_transition.at, worker_id = p_transition.worker_name,
        locked_until = p_transition.lease_until where id = p_transition.task;
    when 'succeeded' then
      update bench.contract_row set status = 'completed', completed_at = p_transition.at, locked_until = null
        where id = p_transition.task;
    else null;
  end case;
end $$;

create function bench.spawn_with_contract_row(p_task uuid, p_input jsonb)
returns void language plpgsql set search_path = '' as $$
begin
  insert into bench.contract_row (id, user_id, profile_snapshot) values (p_task, gen_random_uuid(), p_input);
  perform durable.spawn(p_task, 'with_contract_row', p_input);
end $$;

select durable.register_kind('with_contract_row', 'with_contract_row', 'bench.mirror');
