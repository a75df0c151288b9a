-- Asks for a workout plan: what the HTTP function trigger-workout-plan does, with the same answer. While a request of this
-- user is being worked on, every further call gets its id.
create or replace function public.request_workout_plan(
  p_user_profile text, p_system_prompt text default null, p_time_zone text default null, p_idempotency_key text default null,
  p_user_id uuid default null)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  v_user uuid := coach.user_of(p_user_id::text);
  v_hash bytea := sha256(convert_to(jsonb_build_array(p_user_profile, p_system_prompt, p_time_zone)::text, 'UTF8'));
  v_answer jsonb;
begin
  perform coach.lock_user(v_user, 'workout_plan');
  if p_idempotency_key is not null then
    v_answer := coach.recall_answer(v_user, 'workout_plan', p_idempotency_key, v_hash);
    if v_answer is not null then
      return v_answer;
    end if;
  end if;
  perform coach.check_user_profile(p_user_profile);
  v_answer := jsonb_build_object(
    'request_id', coalesce(coach.active_workout_request(v_user),
      coach.make_workout_request(v_user, p_user_profile, p_system_prompt, p_time_zone)),
    'status', 'processing',
    'message', 'Workout plan generation started. You will be notified when complete.');
  if p_idempotency_key is not null then
    perform coach.remember_answer(v_user, 'workout_plan', p_idempotency_key, v_hash, v_answer);
  end if;
  return v_answer;
end $$;

revoke all on function public.request_workout_plan(text, text, text, text, uuid) from public, anon, authenticated, service_role;
grant execute on function public.request_workout_plan(text, text, text, text, uuid) to authenticated, service_role;
