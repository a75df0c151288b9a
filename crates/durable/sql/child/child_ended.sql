-- Tells the parents of a task that it ended. One that waits for nothing more, or whose step has failed with it, goes on.
create or replace function durable.child_ended(p_child uuid, p_outcome text, p_now timestamptz)
returns void language plpgsql set search_path = '' as $$
declare
  c durable.child;
  v_parked durable.parked;
  v_task durable.task;
begin
  for c in select * from durable.child d where d.child = p_child and not d.done order by d.parent, d.step, d.position for update loop
    update durable.child set done = true where parent = c.parent and step = c.step and position = c.position;
    update durable.parked set remaining = remaining - 1
      where task = c.parent and wait = 'children' and waits_on = c.step returning * into v_parked;
    continue when not found or v_parked.remaining > 0 and (p_outcome = 'succeeded' or c.tolerated);
    delete from durable.parked where task = c.parent;
    select * into v_task from durable.task where id = c.parent;
    perform durable.tell(row(c.parent, v_task.kind, v_task.input, 'waiting',
      durable.put_back(v_task, v_parked.retries, v_parked.losses, null, p_now), v_parked.retries, v_parked.losses,
      null, null, null, null, null, null, null, null, p_now)::durable.transition);
  end loop;
end $$;
