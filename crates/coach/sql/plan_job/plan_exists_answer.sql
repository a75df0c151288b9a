-- The answer to a request for a plan of a week that has one.
create or replace function coach.plan_exists_answer(p_plan public.weekly_base_plans, p_snapshot jsonb)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('success', true, 'status', 'plan_exists', 'existingPlanId', p_plan.id,
      'existingPlanStatus', p_plan.status, 'redoAllowed', coach.redo_obstacle(p_plan, p_snapshot) is null)
    || coalesce((select jsonb_build_object('existingJobId', j.id) from public.plan_generation_jobs j
         where j.id = p_plan.generation_job_id and j.user_id = p_plan.user_id), '{}');
$$;
