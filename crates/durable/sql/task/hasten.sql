-- Lets a task that waits for its time try now: the next round of duties admits it. False when it waits for no time that is
-- still to come.
create or replace function durable.hasten(p_task uuid, p_now timestamptz default clock_timestamp())
returns boolean language plpgsql set search_path = '' as $$
begin
  update durable.timer t set due_at = p_now, reason = 'admission' where t.task = p_task and t.due_at > p_now;
  if not found then
    return false;
  end if;
  perform durable.note(p_task, 'hastened', '{}', p_now);
  return true;
end $$;
