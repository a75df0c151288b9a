-- Before insert: every new request passes here, whoever inserts it. What the caller does not decide is set, and the rules
-- of trigger-workout-plan hold. A row that the service role brings as ended (an import) is left alone.
create or replace function coach.admit_workout_request()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  new.id := coalesce(new.id, gen_random_uuid());
  new.request_id := coalesce(new.request_id, new.id);
  if new.status is distinct from 'processing' and coach.is_service() then
    return new;
  end if;
  perform coach.check_maker(new.user_id);
  perform coach.check_user_profile(new.user_profile);
  perform coach.lock_user(new.user_id, 'workout_plan');
  if coach.active_workout_request(new.user_id) is not null then
    raise exception using errcode = 'unique_violation', message = 'a workout plan is being made for this user already',
      schema = 'public', table = 'workout_plan_requests', constraint = 'workout_plan_requests_one_active';
  end if;
  perform coach.check_daily_limit((select count(*) from public.workout_plan_requests r
    where r.user_id = new.user_id and r.created_at >= coach.start_of_day()));
  new.status := 'processing';
  new.created_at := clock_timestamp();
  new.workout_plan_id := null; new.error_message := null; new.error_code := null; new.completed_at := null;
  new.current_step := 0; new.total_steps := 3; new.step_description := null;
  new.exercises_total := 0; new.exercises_completed := 0;
  return new;
end $$;
