-- The notification that a job's end brings its user, decided in the transaction that ends it. Who ended the job from
-- outside announces it too; a lost or given-up outside worker cannot.
create or replace function coach.announce_weekly_job(t durable.transition)
returns void language plpgsql set search_path = '' as $$
declare
  v_user uuid;
  v_plan uuid := coach.uuid_or_null(t.output ->> 'plan_id');
begin
  if t.error_code is not distinct from 'USER_CANCELLED'
     or (t.external and coalesce(t.error_code, '') not in ('WORKER_LOST', 'MAX_RETRIES_EXCEEDED')) then
    return;
  end if;
  select j.user_id into v_user from public.plan_generation_jobs j where j.id = t.task;
  if t.to_state = 'succeeded' then
    insert into public.user_notifications (user_id, title, body, type, screen, data, delivered, read, created_at)
    values (v_user, 'Your plan is ready', 'Seven days of training, meals and recovery are waiting for you.',
      'base_plan_ready', '/plan-preview',
      jsonb_build_object('type', 'base_plan_ready', 'screen', '/plan-preview', 'planId', v_plan), false, false, clock_timestamp());
  else
    insert into public.user_notifications (user_id, title, body, type, screen, data, delivered, read, created_at)
    values (v_user, 'Your plan could not be made', coach.sentence(t.error_code, t.error_message, true),
      'base_plan_failed', null, jsonb_build_object('type', 'base_plan_failed', 'jobId', t.task), false, false, clock_timestamp());
  end if;
end $$;
