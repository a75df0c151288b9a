-- The status of the caller's own job, read without a lock: the engine's rows are locked before the job's. Raises 404.
create or replace function coach.own_job_status(p_job uuid)
returns text language plpgsql stable set search_path = '' as $$
declare
  v_job public.plan_generation_jobs;
begin
  select j.* into v_job from public.plan_generation_jobs j where j.id = p_job;
  if v_job.id is null or v_job.user_id is distinct from auth.uid() then
    perform coach.refuse(404, 'NOT_FOUND', 'You have no such plan job.');
  end if;
  return v_job.status::text;
end $$;
