-- The notification that a job's end brings its user, decided in the transaction that ends it.
create or replace function coach.announce_weekly_job(t durable.transition)
returns void language plpgsql set search_path = '' as $$
declare
  v_job public.plan_generation_jobs;
begin
  if not coach.is_announced(t) then
    return;
  end if;
  select * into v_job from public.plan_generation_jobs j where j.id = t.task;
  if t.to_state = 'succeeded' then
    perform coach.notify(v_job.user_id, t.task, jsonb_build_object('type', 'base_plan_ready', 'screen', '/plan-preview',
      'planId', coach.uuid_or_null(t.output ->> 'plan_id')), v_job.profile_snapshot ->> 'language');
  else
    perform coach.notify(v_job.user_id, t.task, jsonb_build_object('type', 'base_plan_failed', 'jobId', t.task),
      v_job.profile_snapshot ->> 'language', t.error_code, coach.explanation(t.error_code, t.error_message));
  end if;
end $$;
