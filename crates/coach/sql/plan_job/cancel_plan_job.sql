-- Cancels one's own job, now: the row ends in this transaction, a running attempt is stopped after. Raises 404 and 409.
create or replace function public.cancel_plan_job(p_job_id uuid)
returns boolean language plpgsql security definer set search_path = '' as $$
begin
  if coach.own_job_status(p_job_id) not in ('pending', 'processing')
     or not durable.finish(p_job_id, 'cancelled', null, 'USER_CANCELLED') then
    perform coach.refuse(409, 'INVALID_STATE', 'This plan job has ended already.');
  end if;
  return true;
end $$;

revoke all on function public.cancel_plan_job(uuid) from public, anon, authenticated, service_role;
grant execute on function public.cancel_plan_job(uuid) to authenticated;
