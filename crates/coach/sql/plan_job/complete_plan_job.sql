-- An outside worker's job is done, with this plan. False when the lock is lost, or the plan is not of the job's user.
create or replace function public.complete_plan_job(p_job_id uuid, p_result_plan_id uuid, p_worker_id text default null)
returns boolean language plpgsql security definer set search_path = '' as $$
declare
  v_holder record;
begin
  if not exists (select from public.plan_generation_jobs j join public.weekly_base_plans p on p.user_id = j.user_id
      where j.id = p_job_id and p.id = p_result_plan_id) then
    return false;
  end if;
  select * into v_holder from coach.outside_holder(p_job_id, p_worker_id);
  if v_holder.worker is null
     or durable.complete(p_job_id, v_holder.token, jsonb_build_object('plan_id', p_result_plan_id)) <> 'succeeded' then
    return false;
  end if;
  perform durable.stop_worker(v_holder.worker);
  return true;
end $$;

revoke all on function public.complete_plan_job(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.complete_plan_job(uuid, uuid, text) to service_role;
