-- Drops every function of the contract's names that is not exactly ours: older forms would make calls ambiguous, and
-- keep whatever grants they had. Ours stay in place and are replaced, so that a migration without news changes nothing.
do $drop$
declare
  v_old record;
begin
  for v_old in
    select p.oid::regprocedure as signature from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and p.proname in ('create_plan_job', 'process_plan_queue', 'claim_next_plan_job', 'extend_job_lock', 'complete_plan_job',
        'fail_plan_job', 'get_active_plan_job', 'cancel_plan_job', 'reset_stuck_plan_job', 'cleanup_old_plan_jobs',
        'request_workout_plan', 'cancel_workout_plan_request', 'schedule_regeneration')
      and ((p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid)) not in (
        ('create_plan_job', 'p_profile_snapshot jsonb, p_options jsonb DEFAULT ''{}''::jsonb', 'jsonb'),
        ('process_plan_queue', '', 'jsonb'),
        ('claim_next_plan_job', 'p_worker_id text, p_lock_duration_seconds integer DEFAULT 600', 'uuid'),
        ('extend_job_lock', 'p_job_id uuid, p_worker_id text, p_extension_seconds integer', 'boolean'),
        ('complete_plan_job', 'p_job_id uuid, p_result_plan_id uuid, p_worker_id text DEFAULT NULL::text', 'boolean'),
        ('fail_plan_job', 'p_job_id uuid, p_error_message text, p_error_code text DEFAULT ''UNKNOWN''::text, '
          'p_worker_id text DEFAULT NULL::text', 'boolean'),
        ('get_active_plan_job', 'p_user_id uuid', 'TABLE(id uuid, status text, created_at timestamp with time zone, '
          'started_at timestamp with time zone, retry_count integer, error_message text, error_code text, '
          'locked_until timestamp with time zone)'),
        ('cancel_plan_job', 'p_job_id uuid', 'boolean'),
        ('reset_stuck_plan_job', 'p_job_id uuid', 'boolean'),
        ('cleanup_old_plan_jobs', '', 'integer'),
        ('request_workout_plan', 'p_user_profile text, p_system_prompt text DEFAULT NULL::text, p_time_zone text DEFAULT NULL::text, '
          'p_idempotency_key text DEFAULT NULL::text, p_user_id uuid DEFAULT NULL::uuid', 'jsonb'),
        ('cancel_workout_plan_request', 'p_request_id uuid', 'boolean'),
        ('schedule_regeneration', 'p_cron text, p_time_zone text, p_enabled boolean DEFAULT true, p_user_id uuid DEFAULT NULL::uuid', 'jsonb'))
        or p.proowner <> current_user::regrole)
  loop
    begin
      execute format('drop routine %s', v_old.signature);
    exception when dependent_objects_still_exist then
      raise exception using errcode = 'object_not_in_prerequisite_state',
        message = format('this database cannot be migrated; nothing was changed: %s is in use and must be replaced', v_old.signature),
        detail = sqlerrm, hint = 'Drop what depends on it, migrate, and make it again.';
    end;
  end loop;
end $drop$;
