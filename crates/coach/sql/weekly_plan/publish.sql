-- Stores the seven days that a job made, in the transaction that completes its task: in place for a redo, else as a new
-- plan, which takes over from those it was to replace. Returns the plan's id. Raises PT404 when the job is gone.
create or replace function coach.publish_weekly_plan(p_job uuid, p_days jsonb)
returns uuid language plpgsql set search_path = '' as $$
declare
  v_job public.plan_generation_jobs;
  v_plan uuid;
  v_today date;
begin
  select j.* into v_job from public.plan_generation_jobs j where j.id = p_job;
  if v_job.id is null then
    perform coach.refuse(404, 'NOT_FOUND', 'There is no such plan job any more.');
  end if;
  if not coach.has_seven_days(p_days) then
    raise exception using errcode = '22023', message = 'days must be an object with exactly the keys monday to sunday';
  end if;
  if v_job.is_redo then
    v_today := coach.today(v_job.profile_snapshot);
    update public.weekly_base_plans p set days = p_days, version = coalesce(p.version, 1) + 1, generated_at = clock_timestamp(),
        generation_job_id = p_job, redo_used = true, redo_reason = v_job.request_reason, last_redo_date = v_today,
        redo_count_today = case when p.last_redo_date = v_today then coalesce(p.redo_count_today, 0) + 1 else 1 end
      where p.id = v_job.target_plan_id and p.user_id = v_job.user_id
      returning p.id into v_plan;
  end if;
  if v_plan is null then
    insert into public.weekly_base_plans (id, user_id, created_at, days, is_locked, version, status, week_start_date,
        generated_at, generation_job_id, redo_used, redo_count_today, original_plan_id)
      values (gen_random_uuid(), v_job.user_id, clock_timestamp(), p_days, false, 1, 'generated',
        coalesce(v_job.cycle_week_start_date, coach.cycle_start(v_job.profile_snapshot)), clock_timestamp(), p_job, false, 0,
        v_job.target_plan_id)
      returning id into v_plan;
    update public.weekly_base_plans p set status = 'archived', is_locked = true, deactivated_at = clock_timestamp()
      where v_job.target_plan_id is not null and not v_job.is_redo and p.user_id = v_job.user_id and p.id <> v_plan
        and (p.id = v_job.target_plan_id or p.week_start_date = v_job.cycle_week_start_date)
        and p.status::text is distinct from 'archived';
  end if;
  return v_plan;
end $$;
