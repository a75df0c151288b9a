-- Sleeps for p_duration, counted from the first time that the step is met: the attempt ends without a charge and the task
-- goes on when it is over. 'done' when it is; 'waiting', 'ready' or 'parked' when the attempt has ended here; 'changed' when
-- the name stands for something else; 'lost'.
create or replace function durable.sleep(
  p_task uuid, p_token bigint, p_name text, p_duration interval, p_now timestamptz default clock_timestamp())
returns text language plpgsql set search_path = '' as $$
declare
  v_step record;
  v_until timestamptz := p_now + p_duration;
begin
  select b.state, b.output into v_step from durable.begin_step(p_task, p_token, p_name, 'sleep ' || p_duration, p_now => p_now) b;
  if v_step.state = 'begun' then
    perform durable.finish_step(p_task, p_token, p_name, to_jsonb(v_until), p_now => p_now);
  elsif v_step.state = 'done' then
    v_until := (v_step.output #>> '{}')::timestamptz;
  else
    return v_step.state;
  end if;
  if v_until <= p_now then
    return 'done';
  end if;
  return durable.defer(p_task, p_token, v_until, 'step ' || p_name || ' sleeps', p_now);
end $$;
