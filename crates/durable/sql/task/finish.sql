-- Ends a live task wherever it is, in the caller's own transaction: a cancel, or the work of somebody outside the engine.
-- False when it had ended before, or never was. A hook's error is let out (p_strict) or parks the task. A running attempt
-- loses its fence at once; its worker learns of it by a NOTIFY, and by its next heartbeat should that be lost.
create or replace function durable.finish(
  p_task uuid, p_outcome text, p_output jsonb default null, p_code text default null, p_message text default null,
  p_now timestamptz default clock_timestamp(), p_strict boolean default true)
returns boolean language plpgsql set search_path = '' as $$
declare
  v_run durable.run;
  v_from text;
  v_rounds integer := 0;
begin
  -- A task may move from a place not yet looked at to one already passed; then the next round finds it.
  loop
    delete from durable.run where task = p_task returning * into v_run;
    if found then
      v_from := 'running';
      perform pg_notify('durable_cancel', '');
      exit;
    end if;
    delete from durable.ready where task = p_task returning 'ready', retries, losses, slots
      into v_from, v_run.retries, v_run.losses, v_run.slots;
    exit when found;
    delete from durable.timer where task = p_task returning 'waiting', retries, losses, slots
      into v_from, v_run.retries, v_run.losses, v_run.slots;
    exit when found;
    delete from durable.parked where task = p_task
      returning case when wait = 'person' then 'parked' else 'waiting' end, retries, losses, slots
      into v_from, v_run.retries, v_run.losses, v_run.slots;
    exit when found;
    perform from durable.task where id = p_task and outcome is null;
    if not found then
      return false;
    end if;
    v_rounds := v_rounds + 1;
    if v_rounds > 100 then
      raise exception 'task % is live and in no place', p_task;
    end if;
  end loop;
  perform durable.end_task(p_task, v_from, p_outcome, p_output, p_code, p_message, v_run, p_now, p_strict);
  return true;
end $$;
