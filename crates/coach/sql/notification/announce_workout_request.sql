-- The notification that a request's end brings its user, decided in the transaction that ends it, in the language of the text
-- where that was read.
create or replace function coach.announce_workout_request(t durable.transition)
returns void language plpgsql set search_path = '' as $$
declare
  v_request public.workout_plan_requests;
  v_language text := (select i.understood ->> 'language' from public.workout_plan_inputs i where i.id = t.task);
begin
  if not coach.is_announced(t) then
    return;
  end if;
  select r.* into v_request from public.workout_plan_requests r where r.id = t.task;
  if t.to_state = 'succeeded' then
    perform coach.notify(v_request.user_id, t.task, jsonb_build_object('type', 'workout_plan_ready',
      'requestId', v_request.request_id, 'workoutPlanId', coach.uuid_or_null(t.output ->> 'plan_id')), v_language);
  else
    perform coach.notify(v_request.user_id, t.task, jsonb_build_object('type', 'workout_plan_failed',
      'requestId', v_request.request_id), v_language, t.error_code, coach.explanation(t.error_code, t.error_message));
  end if;
end $$;
