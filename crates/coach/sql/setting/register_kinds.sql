-- Tells the engine of the kinds of task there are, with the limits that the settings give them. Pushes are tried for a good
-- two hours: a notification is soon old news. A plan waits for the texts of its exercises, but not for long.
create or replace function coach.register_kinds()
returns void language sql set search_path = '' as $$
  select durable.register_kind('generate_weekly_plan', 'weekly_plan', 'coach.mirror_weekly_job',
    coach.setting('max_retries')::integer, make_interval(secs => coach.setting('run_limit_seconds')::integer));
  select durable.register_kind('generate_workout_plan', 'workout_plan', 'coach.mirror_workout_request',
    coach.setting('max_retries')::integer, make_interval(secs => coach.setting('run_limit_seconds')::integer));
  select durable.register_kind('generate_exercise_profile', 'exercise_profile', null, 1, '2 minutes');
  select durable.register_kind('send_push', 'push', null, 30, '5 minutes');
  select durable.register_kind('check_push_receipts', 'push', null, 30, '5 minutes');
  select durable.register_kind('bulk_action', 'operations', null, 10, '1 hour');
$$;
