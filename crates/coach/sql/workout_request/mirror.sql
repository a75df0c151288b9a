-- The engine's hook: writes on the request's row what has just happened to its task, in that very transaction. Nothing
-- else writes status. coach.mirroring tells the row's own triggers that it is the engine who writes.
create or replace function coach.mirror_workout_request(t durable.transition)
returns void language plpgsql set search_path = '' as $$
declare
  v_active boolean;
  v_sentence text := coach.sentence_of(t);
begin
  if t.from_state is null or t.to_state = 'running' then
    return;                                    -- the row says processing from its insert to its end
  end if;
  select r.status = 'processing' into v_active from public.workout_plan_requests r where r.id = t.task for update;
  if not found then
    return;                                    -- deleted, perhaps with its user
  end if;
  perform set_config('coach.mirroring', 'on', true);
  if t.to_state in ('ready', 'waiting', 'parked') then
    update public.workout_plan_requests r set step_description = coalesce(v_sentence, r.step_description) where r.id = t.task;
  elsif not v_active then                      -- whoever ended it by hand said how; only what is missing is added
    update public.workout_plan_requests r set completed_at = coalesce(r.completed_at, t.at),
      error_message = coalesce(r.error_message, v_sentence) where r.id = t.task;
  elsif t.to_state = 'succeeded' then
    update public.workout_plan_requests r set status = 'completed', error_code = null, error_message = null,
      workout_plan_id = coach.uuid_or_null(t.output ->> 'plan_id'), completed_at = t.at, current_step = r.total_steps,
      step_description = 'Your workout plan is ready.', exercises_completed = r.exercises_total where r.id = t.task;
  else
    update public.workout_plan_requests r set status = 'failed', error_code = t.error_code, error_message = v_sentence,
      completed_at = t.at where r.id = t.task;
  end if;
  perform set_config('coach.mirroring', '', true);
  if t.to_state in ('succeeded', 'failed') and v_active then
    perform coach.announce_workout_request(t);
  end if;
end $$;
