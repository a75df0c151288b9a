-- Tells the engine of the kinds of task there are, with the limits that the settings give them.
create or replace function coach.register_kinds()
returns void language sql set search_path = '' as $$
  select durable.register_kind('generate_weekly_plan', 'weekly_plan', 'coach.mirror_weekly_job',
    coach.setting('max_retries')::integer, make_interval(secs => coach.setting('run_limit_seconds')::integer));
$$;
