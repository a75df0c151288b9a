-- Before insert: every new job passes here, whoever inserts it. What the caller does not decide is set, and the rules of
-- create-plan-job hold. A row that the service role brings as ended (an import) is left alone.
create or replace function coach.admit_weekly_job()
returns trigger language plpgsql security definer set search_path = '' as $$
declare
  v_plan public.weekly_base_plans;
  v_obstacle text;
begin
  if new.status not in ('pending', 'processing') and coach.is_service() then
    return new;
  end if;
  perform coach.check_maker(new.user_id);
  if jsonb_typeof(new.profile_snapshot) is distinct from 'object' then
    perform coach.refuse(400, 'INVALID_PROFILE', 'profileSnapshot must be an object with at least goal and trainingDays.');
  elsif octet_length(new.profile_snapshot::text) > 262144 then
    perform coach.refuse(413, 'PAYLOAD_TOO_LARGE', 'profileSnapshot must not be larger than 256 KiB.');
  end if;
  perform coach.lock_user(new.user_id, 'weekly_plan');
  if coach.active_weekly_job(new.user_id) is not null then
    raise exception using errcode = 'unique_violation', message = 'this user already has a pending or processing plan job',
      schema = 'public', table = 'plan_generation_jobs', constraint = 'plan_generation_jobs_one_active';
  end if;
  perform coach.check_daily_limit((select count(*) from public.plan_generation_jobs j
    where j.user_id = new.user_id and j.created_at >= coach.start_of_day()));
  new.id := coalesce(new.id, gen_random_uuid());
  new.status := 'pending';
  new.created_at := clock_timestamp();
  new.retry_count := 0;
  new.max_retries := coach.setting('max_retries')::integer;
  new.is_redo := coalesce(new.is_redo, false);
  new.cycle_week_start_date := coach.cycle_start(new.profile_snapshot);
  new.result_plan_id := null; new.error_message := null; new.error_code := null; new.started_at := null;
  new.completed_at := null; new.worker_id := null; new.locked_until := null;
  if new.is_redo then
    v_plan := coach.plan_to_redo(new.user_id, new.profile_snapshot, new.request_reason, new.redo_type::text, new.source_plan_id);
    v_obstacle := coach.redo_obstacle(v_plan, new.profile_snapshot);
    if v_obstacle is not null then
      perform coach.refuse(409, upper(v_obstacle), coach.redo_sentence(v_obstacle));
    end if;
    new.source_plan_id := v_plan.id;
    new.target_plan_id := v_plan.id;
  else
    new.source_plan_id := null; new.request_reason := null; new.redo_type := null;
  end if;
  return new;
end $$;
