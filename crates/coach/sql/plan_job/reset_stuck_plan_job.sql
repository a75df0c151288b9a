-- Gives one's own job back whose worker is gone: true when it is pending again, false when its retries were spent and it
-- failed. While a worker's lease lives it raises. Raises 404 and 409 like cancel.
create or replace function public.reset_stuck_plan_job(p_job_id uuid)
returns boolean language plpgsql security definer set search_path = '' as $$
declare
  v_holder record;
  v_result text := 'lost';
begin
  if coach.own_job_status(p_job_id) <> 'processing' then
    perform coach.refuse(409, 'INVALID_STATE', 'Only a plan job that is being processed can be reset.');
  end if;
  select h.* into v_holder from durable.holder(p_job_id) h;
  if v_holder.lease_until > now() then
    perform coach.refuse(409, 'JOB_NOT_STUCK', 'Job has not been processing long enough to reset');
  end if;
  if v_holder.token is not null then
    v_result := durable.fail(p_job_id, v_holder.token, 'CLIENT_RESET', null,
      p_exhausted_code => 'MAX_RETRIES_EXCEEDED');
  end if;
  if v_result = 'lost' then
    perform coach.refuse(409, 'INVALID_STATE', 'Only a plan job that is being processed can be reset.');
  end if;
  return v_result <> 'failed';
end $$;

revoke all on function public.reset_stuck_plan_job(uuid) from public, anon, authenticated, service_role;
grant execute on function public.reset_stuck_plan_job(uuid) to authenticated;
