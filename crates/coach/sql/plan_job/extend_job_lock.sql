-- An outside worker's heartbeat: its lease now ends this many seconds (at most 3600) from now. False when the lock is no
-- longer this worker's.
create or replace function public.extend_job_lock(p_job_id uuid, p_worker_id text, p_extension_seconds integer)
returns boolean language plpgsql security definer set search_path = '' as $$
declare
  v_lease interval := make_interval(secs => least(p_extension_seconds, 3600));
  v_holder record;
begin
  if p_extension_seconds is null or p_extension_seconds < 1 then
    perform coach.refuse(400, 'INVALID_REQUEST', 'p_extension_seconds must be 1 to 3600.');
  end if;
  select * into v_holder from coach.outside_holder(p_job_id, p_worker_id);
  if v_holder.worker is null or not durable.extend_lease(v_holder.worker, v_lease) then
    return false;
  end if;
  update public.plan_generation_jobs j set locked_until = (select h.lease_until from durable.holder(p_job_id) h)
    where j.id = p_job_id;
  return found;
end $$;

revoke all on function public.extend_job_lock(uuid, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.extend_job_lock(uuid, text, integer) to service_role;
