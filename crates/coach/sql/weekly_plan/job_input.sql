-- What the generator needs for a job; no row when the job is gone. plan_no counts the plans and redos made for this user
-- before, so that the next one is varied.
create or replace function coach.weekly_job_input(p_job uuid)
returns table (user_id uuid, profile_snapshot jsonb, is_redo boolean, request_reason text, redo_type text,
               source_plan_days jsonb, plan_no integer)
language sql stable set search_path = '' as $$
  select j.user_id, j.profile_snapshot, coalesce(j.is_redo, false), j.request_reason, j.redo_type::text,
    (select p.days from public.weekly_base_plans p
     where p.id = coalesce(j.source_plan_id, j.target_plan_id) and p.user_id = j.user_id),
    (select coalesce(sum(coalesce(p.version, 1)), 0)::integer from public.weekly_base_plans p where p.user_id = j.user_id)
  from public.plan_generation_jobs j where j.id = p_job;
$$;
