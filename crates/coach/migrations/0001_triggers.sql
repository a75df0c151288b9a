-- The triggers of the weekly plan flow, on tables of ours and adopted ones alike.
create trigger mesocycle_admit before insert on public.plan_generation_jobs
  for each row execute function coach.admit_weekly_job();
create trigger mesocycle_queue after insert on public.plan_generation_jobs
  for each row when (new.status in ('pending', 'processing')) execute function coach.queue_weekly_job();
create trigger mesocycle_follow_update after update on public.plan_generation_jobs
  for each row when (old.status is distinct from new.status) execute function coach.follow_update('result_plan_id');
create trigger mesocycle_follow_delete after delete on public.plan_generation_jobs
  for each row when (old.status in ('pending', 'processing')) execute function coach.follow_delete();
create trigger mesocycle_renew before insert or update on public.push_tokens
  for each row execute function coach.renew_push_token();
create trigger mesocycle_take_over after insert or update on public.push_tokens
  for each row when (new.disabled_at is null) execute function coach.take_over_push_token();
