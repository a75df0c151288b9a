-- An outside worker could not do its job: it is tried again or fails, by its code's class. A code that is not listed counts
-- as NETWORK_ERROR. False when the lock is lost.
create or replace function public.fail_plan_job(
  p_job_id uuid, p_error_message text, p_error_code text default 'UNKNOWN', p_worker_id text default null)
returns boolean language plpgsql security definer set search_path = '' as $$
declare
  v_code text := coalesce((select e.code from coach.error e where e.code = p_error_code and e.code <> 'UNKNOWN'), 'NETWORK_ERROR');
  v_holder record;
begin
  select * into v_holder from coach.outside_holder(p_job_id, p_worker_id);
  if v_holder.worker is null
     or durable.fail(p_job_id, v_holder.token, v_code, left(p_error_message, 500)) in ('lost', 'parked') then
    return false;
  end if;
  perform durable.stop_worker(v_holder.worker);
  return true;
end $$;

revoke all on function public.fail_plan_job(uuid, text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.fail_plan_job(uuid, text, text, text) to service_role;
