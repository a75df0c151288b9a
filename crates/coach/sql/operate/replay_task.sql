-- Runs an ended task again. One that makes a plan is asked for anew by the contract's own function, so that there is a new
-- job row with its own task: the old row has ended for good, and is some app's answer. It is planned, and paid for, from the
-- start: between then and now provider, prompt and the athlete's other plans may have changed. Any other task keeps the steps
-- that it had done before p_from_step. Returns the new task. Raises 404, 409, and what the contract's function refuses.
create or replace function coach.replay_task(p_task uuid, p_from_step text default null)
returns uuid language plpgsql set search_path = '' as $$
declare
  v_task durable.task;
  v_new uuid;
begin
  select * into v_task from durable.task t where t.id = p_task for no key update;
  if not found then
    perform coach.refuse(404, 'NOT_FOUND', 'There is no task of this id.');
  elsif v_task.outcome is null then
    perform coach.refuse(409, 'INVALID_STATE', 'This task has not ended. Cancel it first if it should begin anew.');
  elsif v_task.kind not in ('generate_weekly_plan', 'generate_workout_plan') then
    if p_from_step is not null and not exists (select from durable.step s where s.task = p_task and s.name = p_from_step) then
      perform coach.refuse(400, 'INVALID_REQUEST', 'This task has no step of that name.');
    end if;
    return durable.replay(p_task, p_from_step);
  elsif p_from_step is not null then
    perform coach.refuse(400, 'INVALID_REQUEST', 'A plan is always made from the start; leave from_step out.');
  end if;
  v_new := case v_task.kind when 'generate_weekly_plan' then coach.ask_weekly_plan_again(p_task)
    else coach.ask_workout_plan_again(p_task) end;
  update durable.task t set replay_of = p_task where t.id = v_new;
  delete from durable.dead_letter d where d.task = p_task;
  perform durable.note(p_task, 'replayed', jsonb_build_object('as', v_new));
  return v_new;
end $$;
