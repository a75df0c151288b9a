-- Makes a new request of what an ended one was asked for. Returns its task's id.
create or replace function coach.ask_workout_plan_again(p_request uuid)
returns uuid language plpgsql set search_path = '' as $$
declare
  v_request public.workout_plan_requests;
  v_input public.workout_plan_inputs;
  v_answer jsonb;
begin
  select r.* into v_request from public.workout_plan_requests r where r.id = p_request;
  if not found then
    perform coach.refuse(409, 'JOB_IS_GONE', 'The request of this task was deleted, and with it the profile. The app must ask again.');
  end if;
  perform coach.lock_user(v_request.user_id, 'workout_plan');
  if coach.active_workout_request(v_request.user_id) is not null then
    perform coach.refuse(409, 'EXISTING', 'Another plan is being made for this user. Wait for its end, or cancel it.');
  end if;
  select i.* into v_input from public.workout_plan_inputs i where i.id = p_request;
  v_answer := public.request_workout_plan(v_request.user_profile, v_input.system_prompt, v_input.time_zone, null, v_request.user_id);
  return (select r.id from public.workout_plan_requests r where r.request_id = (v_answer ->> 'request_id')::uuid);
end $$;
