-- Takes a running task aside until a person has decided what is to become of its step.
create or replace function durable.park_step(p_task uuid, p_token bigint, p_name text, p_now timestamptz)
returns void language plpgsql set search_path = '' as $$
declare
  v_run durable.run := durable.end_run(p_task, p_token);
  v_task durable.task;
  v_worker durable.worker;
begin
  select * into v_task from durable.task where id = p_task;
  select * into v_worker from durable.worker where id = v_run.worker;
  update durable.step set state = 'parked', handle = null, partial = null where task = p_task and name = p_name;
  perform durable.free_slots(v_run.slots);
  perform durable.note(p_task, 'step_parked', jsonb_build_object('step', p_name), p_now);
  -- The hook comes first: where it raises, the task is parked for that.
  if durable.tell(row(p_task, v_task.kind, v_task.input, 'running', 'parked', v_run.retries, v_run.losses, p_token,
      v_worker.name, v_worker.external, v_worker.lease_until, null, null, null, null, p_now)::durable.transition) then
    insert into durable.parked (task, since, reason, retries, losses) values (p_task, p_now,
      format('nobody knows how step %I ended: see at the provider whether it was done, then call '
        || 'durable.decide_step(%L, %L, ''resend'' or ''fail'' or ''done'' with its output)', p_name, p_task, p_name),
      v_run.retries, v_run.losses);
  end if;
end $$;
