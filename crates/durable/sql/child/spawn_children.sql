-- Spawns the children of a step, fenced, all or none, once. p_children is an array of objects {"kind", "input", "once",
-- "key", "lane", "tolerated"}; "once" makes it the one task of that kind for this key, whoever else wants it. Returns
-- 'spawned', 'done' when an earlier attempt did it, 'changed' when other children were spawned under this name, or 'lost'.
create or replace function durable.spawn_children(
  p_task uuid, p_token bigint, p_step text, p_request_hash text, p_children jsonb, p_now timestamptz default clock_timestamp())
returns text language plpgsql set search_path = '' as $$
declare
  v_state text;
  v_outcome text;
  c record;
begin
  select b.state into v_state from durable.begin_step(p_task, p_token, p_step, p_request_hash, p_now => p_now) b;
  if v_state <> 'begun' then
    return v_state;
  end if;
  for c in
    select e.ordinality as position, e.value ->> 'kind' as kind, coalesce(e.value -> 'input', '{}') as input,
           e.value ->> 'once' as once, e.value ->> 'key' as key, coalesce((e.value ->> 'lane')::integer, 0) as lane,
           coalesce((e.value ->> 'tolerated')::boolean, false) as tolerated, gen_random_uuid() as task
    -- Those with a key in one order, so that two parents who want the same ones do not lock each other out.
    from jsonb_array_elements(p_children) with ordinality e order by e.value ->> 'kind', e.value ->> 'once', e.ordinality
  loop
    if c.once is null then
      perform durable.spawn(c.task, c.kind, c.input, p_lane => c.lane, p_key => c.key, p_now => p_now);
    else
      c.task := durable.spawn_once(c.kind, c.once, c.input, p_lane => c.lane, p_key => c.key, p_now => p_now);
    end if;
    insert into durable.child (parent, step, position, child, tolerated) values (p_task, p_step, c.position, c.task, c.tolerated);
    -- Its end takes the same lock, so either the end sees the link or the link sees the end.
    update durable.task set watched = true where id = c.task returning outcome into v_outcome;
    if v_outcome is not null then
      update durable.child set done = true where parent = p_task and step = p_step and position = c.position;
    end if;
  end loop;
  perform durable.finish_step(p_task, p_token, p_step, 'null', p_now => p_now);
  return 'spawned';
end $$;
