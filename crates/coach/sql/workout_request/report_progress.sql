-- Moves a request's progress columns, forward only (a repeated attempt begins at its first step again), and not more often
-- than every second unless a step or 5 % of the whole were done since or there is another description. Returns whether it wrote. The caller's transaction
-- holds the fence; the end of a request is written by the engine's hook.
create or replace function coach.report_progress(
  p_request uuid, p_step integer, p_description text, p_exercises_total integer, p_exercises_completed integer,
  p_now timestamptz default clock_timestamp())
returns boolean language plpgsql set search_path = '' as $$
declare
  v_row public.workout_plan_requests;
  v_last timestamptz;
  v_gain numeric;
  v_said boolean;
begin
  select r.* into v_row from public.workout_plan_requests r where r.id = p_request and r.status = 'processing' for update;
  v_said := p_description is not distinct from v_row.step_description;
  if v_row.id is null or (p_step, p_exercises_completed) < (v_row.current_step, v_row.exercises_completed)
    or v_said and (p_step, p_exercises_completed) = (v_row.current_step, v_row.exercises_completed) then
    return false;
  end if;
  select i.progressed_at into v_last from public.workout_plan_inputs i where i.id = p_request;
  v_gain := (p_exercises_completed - v_row.exercises_completed)::numeric / greatest(p_exercises_total, 1) / v_row.total_steps;
  if v_said and p_step = v_row.current_step and v_gain < 0.05 and p_now < v_last + interval '1 second' then
    return false;
  end if;
  update public.workout_plan_requests r set current_step = p_step, step_description = p_description,
    exercises_total = greatest(p_exercises_total, r.exercises_completed),
    exercises_completed = greatest(p_exercises_completed, r.exercises_completed) where r.id = p_request;
  update public.workout_plan_inputs i set progressed_at = p_now where i.id = p_request;
  return true;
end $$;
