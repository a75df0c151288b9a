-- Answers a request for a weekly plan, and makes the job if the answer is to make one. The user's lock is held.
create or replace function coach.request_weekly_plan(p_user uuid, p_snapshot jsonb, p_options jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_job uuid := coach.active_weekly_job(p_user);
  v_redo boolean := coalesce(p_options ->> 'redo' = 'true', false);
  v_force boolean := coalesce(p_options ->> 'forceRegenerate' = 'true', false);
  v_source uuid := coach.uuid_or_null(p_options ->> 'sourcePlanId');
  v_plan public.weekly_base_plans;
  v_obstacle text;
begin
  if v_job is not null then
    return jsonb_build_object('success', true, 'status', 'existing', 'existingJobId', v_job);
  end if;
  if jsonb_typeof(p_snapshot) is distinct from 'object' then
    perform coach.refuse(400, 'INVALID_PROFILE', 'profileSnapshot must be an object with at least goal and trainingDays.');
  end if;
  if v_redo then
    if v_source is null and p_options ->> 'sourcePlanId' is not null then
      perform coach.refuse(400, 'INVALID_REQUEST', 'sourcePlanId must be one of your own plans.');
    end if;
    v_plan := coach.plan_to_redo(p_user, p_snapshot, p_options ->> 'redoReason', p_options ->> 'redoType', v_source);
    v_obstacle := coach.redo_obstacle(v_plan, p_snapshot);
    if v_obstacle is not null then
      return jsonb_build_object('success', false, 'status', v_obstacle, 'error', coach.redo_sentence(v_obstacle),
        'existingPlanId', v_plan.id, 'existingPlanStatus', v_plan.status, 'redoAllowed', false);
    end if;
  else
    v_plan := coach.plan_of_cycle(p_user, coach.cycle_start(p_snapshot));
    if v_plan.status::text = 'archived' then
      v_plan := null;
    end if;
    if v_plan.id is not null and not v_force and coach.setting('one_plan_per_cycle')::boolean then
      return coach.plan_exists_answer(v_plan, p_snapshot);
    end if;
  end if;
  insert into public.plan_generation_jobs (user_id, profile_snapshot, is_redo, request_reason, redo_type, source_plan_id, target_plan_id)
    values (p_user, p_snapshot, v_redo, p_options ->> 'redoReason', p_options ->> 'redoType', v_source,
      case when v_force then v_plan.id end)
    returning id into v_job;
  return jsonb_build_object('success', true, 'jobId', v_job, 'status', case when v_redo then 'redo_started' else 'created' end);
end $$;
