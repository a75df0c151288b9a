-- The notification that a job's end brings its user, decided in the transaction that ends it.
create or replace function coach.announce_weekly_job(t durable.transition)
returns void language plpgsql set search_path = '' as $$
declare
  v_user uuid;
begin
  if not coach.is_announced(t) then
    return;
  end if;
  select j.user_id into v_user from public.plan_generation_jobs j where j.id = t.task;
  if t.to_state = 'succeeded' then
    perform coach.notify(v_user, 'Your plan is ready', 'Seven days of training, meals and recovery are waiting for you.',
      jsonb_build_object('type', 'base_plan_ready', 'screen', '/plan-preview', 'planId', coach.uuid_or_null(t.output ->> 'plan_id')));
  else
    perform coach.notify(v_user, 'Your plan could not be made', coach.sentence(t.error_code, t.error_message, true),
      jsonb_build_object('type', 'base_plan_failed', 'jobId', t.task));
  end if;
end $$;
