-- The triggers of the workout plan flow, on tables of ours and adopted ones alike.
create trigger mesocycle_admit before insert on public.workout_plan_requests
  for each row execute function coach.admit_workout_request();
create trigger mesocycle_queue after insert on public.workout_plan_requests
  for each row when (new.status = 'processing') execute function coach.queue_workout_request();
create trigger mesocycle_follow_update after update on public.workout_plan_requests
  for each row when (old.status is distinct from new.status) execute function coach.follow_update('workout_plan_id');
create trigger mesocycle_follow_delete after delete on public.workout_plan_requests
  for each row when (old.status = 'processing') execute function coach.follow_delete();
