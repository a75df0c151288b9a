-- Makes a request and what belongs to it; returns the id that apps know. The user's lock is held.
create or replace function coach.make_workout_request(p_user uuid, p_user_profile text, p_system_prompt text, p_time_zone text)
returns uuid language plpgsql set search_path = '' as $$
declare
  v_request public.workout_plan_requests;
begin
  insert into public.workout_plan_requests (user_id, user_profile) values (p_user, p_user_profile) returning * into v_request;
  perform coach.keep_system_prompt(v_request.id, p_system_prompt);
  if coach.known_zone(p_time_zone) is not null then
    update public.workout_plan_inputs i set time_zone = p_time_zone where i.id = v_request.id;
  end if;
  return v_request.request_id;
end $$;
