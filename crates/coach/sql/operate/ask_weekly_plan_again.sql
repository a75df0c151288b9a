-- Makes a new job of what an ended one was asked for. Returns its id.
create or replace function coach.ask_weekly_plan_again(p_job uuid)
returns uuid language plpgsql set search_path = '' as $$
declare
  v_job public.plan_generation_jobs;
  v_answer jsonb;
begin
  select j.* into v_job from public.plan_generation_jobs j where j.id = p_job;
  if not found then
    perform coach.refuse(409, 'JOB_IS_GONE', 'The plan job of this task was deleted, and with it the profile. The app must ask again.');
  end if;
  v_answer := public.create_plan_job(v_job.profile_snapshot, jsonb_strip_nulls(jsonb_build_object('userId', v_job.user_id,
    'redo', nullif(v_job.is_redo, false), 'redoReason', v_job.request_reason, 'redoType', v_job.redo_type,
    'sourcePlanId', v_job.source_plan_id, 'forceRegenerate', case when not v_job.is_redo and v_job.target_plan_id is not null then true end)));
  if v_answer ->> 'jobId' is null then
    perform coach.refuse(409, upper(v_answer ->> 'status'), coalesce(v_answer ->> 'error', case v_answer ->> 'status'
      when 'existing' then 'Another plan is being made for this user. Wait for its end, or cancel it.'
      else 'This user has a plan of this week already.' end));
  end if;
  return (v_answer ->> 'jobId')::uuid;
end $$;
