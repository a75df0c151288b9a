-- Tables and functions of the contract that are not there.
select 'table public.' || name as "object!" from unnest(array['plan_generation_jobs', 'weekly_base_plans', 'push_tokens',
  'user_notifications', 'workout_plan_requests', 'workout_plan_inputs', 'workout_plans', 'workout_entries', 'exercises',
  'exercise_texts', 'plan_schedules']) name
where to_regclass('public.' || name) is null
union all
select 'function public.' || name from unnest(array['create_plan_job', 'process_plan_queue', 'claim_next_plan_job',
  'extend_job_lock', 'complete_plan_job', 'fail_plan_job', 'get_active_plan_job', 'cancel_plan_job', 'reset_stuck_plan_job',
  'cleanup_old_plan_jobs', 'request_workout_plan', 'cancel_workout_plan_request',
  'schedule_regeneration']) name
where not exists (select from pg_catalog.pg_proc f where f.proname = name and f.pronamespace = 'public'::regnamespace)
order by 1
