-- Runs an ended task again as a new one, linked to the old, whose end stays as it is. Steps that were done are not done
-- again; those from p_from_step on are, when it is given. Returns the new task's id; raises 22023 for a task that is live
-- or unknown, or a step that it never began.
create or replace function durable.replay(
  p_task uuid, p_from_step text default null, p_now timestamptz default clock_timestamp())
returns uuid language plpgsql set search_path = '' as $$
declare
  v_old durable.task;
  v_new uuid := gen_random_uuid();
  v_from timestamptz := 'infinity';
begin
  select * into v_old from durable.task t where t.id = p_task and t.outcome is not null;
  if not found then
    raise exception using errcode = '22023', message = format('task %s has not ended, or is not known; only what ended can be replayed', p_task);
  end if;
  if p_from_step is not null then
    select s.started_at into v_from from durable.step s where s.task = p_task and s.name = p_from_step;
    if not found then
      raise exception using errcode = '22023', message = format('task %s never began a step "%s"', p_task, p_from_step);
    end if;
  end if;
  perform durable.spawn(v_new, v_old.kind, v_old.input, v_old.max_retries, p_lane => v_old.lane, p_key => v_old.key, p_now => p_now);
  update durable.task set replay_of = p_task where id = v_new;
  perform durable.copy_steps(p_task, v_new, v_from);
  -- A child's end takes the same lock, so either it sees the new link or the link sees the end.
  perform from durable.task t where t.id in (select c.child from durable.child c where c.parent = p_task)
    order by t.id for update;
  insert into durable.child (parent, step, position, child, tolerated, done)
    select v_new, c.step, c.position, c.child, c.tolerated, c.done from durable.child c
    join durable.step s on s.task = v_new and s.name = c.step where c.parent = p_task;
  delete from durable.dead_letter where task = p_task;
  perform durable.note(p_task, 'replayed', jsonb_build_object('as', v_new), p_now);
  return v_new;
end $$;
