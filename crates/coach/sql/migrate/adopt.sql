-- Jobs and requests that are active and unknown to the engine, left by what worked here before: each gets its task. One
-- that somebody still seems to hold waits until that hold has run out, an hour at most.
do $adopt$
declare
  v_job record;
begin
  perform set_config('coach.mirroring', 'on', true);
  for v_job in
    select j.id, j.user_id, j.max_retries, case when j.status = 'processing' and j.locked_until > now()
        then least(j.locked_until, now() + interval '1 hour') end as held_until
    from public.plan_generation_jobs j
    where j.status in ('pending', 'processing') and not exists (select from durable.task t where t.id = j.id)
    order by j.created_at
  loop
    update public.plan_generation_jobs j set status = 'pending', worker_id = null, locked_until = null, retry_count = 0,
      cycle_week_start_date = coalesce(j.cycle_week_start_date, coach.cycle_start(j.profile_snapshot))
      where j.id = v_job.id;
    perform durable.spawn(v_job.id, 'generate_weekly_plan', jsonb_build_object('job_id', v_job.id), v_job.max_retries,
      v_job.held_until, p_key => v_job.user_id::text);
  end loop;
  insert into public.workout_plan_inputs (id, request_id, user_id, created_at)
    select r.id, r.request_id, r.user_id, clock_timestamp() from public.workout_plan_requests r
    where r.status = 'processing' and not exists (select from public.workout_plan_inputs i where i.id = r.id);
  perform durable.spawn(r.id, 'generate_workout_plan', jsonb_build_object('request_id', r.id),
      coach.setting('max_retries')::integer, p_key => r.user_id::text)
    from (select r.id, r.user_id from public.workout_plan_requests r
          where r.status = 'processing' and not exists (select from durable.task t where t.id = r.id)
          order by r.created_at) r;
  perform set_config('coach.mirroring', '', true);
end $adopt$;
