-- Cancels one's own request, now: the row ends in this transaction, a running attempt is stopped after. Raises 404 and 409.
create or replace function public.cancel_workout_plan_request(p_request_id uuid)
returns boolean language plpgsql security definer set search_path = '' as $$
declare
  v_request public.workout_plan_requests;
begin
  -- Read without a lock: the engine's rows are locked before the request's.
  select r.* into v_request from public.workout_plan_requests r where r.request_id = p_request_id;
  if v_request.id is null or v_request.user_id is distinct from auth.uid() then
    perform coach.refuse(404, 'NOT_FOUND', 'You have no such workout plan request.');
  end if;
  if v_request.status <> 'processing' or not durable.finish(v_request.id, 'cancelled', null, 'USER_CANCELLED') then
    perform coach.refuse(409, 'INVALID_STATE', 'This workout plan request has ended already.');
  end if;
  return true;
end $$;

revoke all on function public.cancel_workout_plan_request(uuid) from public, anon, authenticated, service_role;
grant execute on function public.cancel_workout_plan_request(uuid) to authenticated;
