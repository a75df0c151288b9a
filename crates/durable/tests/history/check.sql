-- What in the history and the present tables breaks a promise of the engine; no row when all is well. Stable, so that all
-- of it sees one snapshot and may be asked while the engine works.
create function history.faults()
returns table (rule text, task uuid, detail text) language plpgsql stable as $$
begin
  -- One live token per task, and tokens only grow.
  return query
    select 'tokens grow', c.task, format('token %s was given out after %s', c.token, c.highest)
    from (select h.task, h.token, max(h.token) over (partition by h.task order by h.seq
            rows between unbounded preceding and 1 preceding) as highest
          from history.change h where h.place = 'run' and h.op = 'INSERT') c
    where c.token <= c.highest;
  return query
    select 'one live token', c.task, format('%s attempts at once', c.live)
    from (select h.task, sum(case h.op when 'INSERT' then 1 when 'DELETE' then -1 else 0 end)
            over (partition by h.task order by h.seq) as live
          from history.change h where h.place = 'run') c
    where c.live not in (0, 1);

  -- No write by an attempt that does not hold its task. The last change of run before the write must have given the task to
  -- this very token, or taken it from this token in the same transaction (its own end).
  return query
    select 'superseded tokens write nothing', h.by_task,
           format('token %s did %s on %s, transition %s', h.by_token, h.op, h.place, h.seq)
    from history.change h
    left join lateral (
      select r.op, r.token, r.transaction_id, r.by_token from history.change r
      where r.place = 'run' and r.task = h.by_task and r.seq < h.seq order by r.seq desc limit 1) r on true
    where h.by_task is not null and (
      r.token is distinct from h.by_token
      or r.op = 'DELETE' and (r.transaction_id <> h.transaction_id or r.by_token is distinct from h.by_token));
  return query
    select 'live tokens are not refused', k.task, format('%s with token %s, call %s', k.function, k.token, k.seq)
    from history.call k
    join lateral (
      select r.op, r.token from history.change r
      where r.place = 'run' and r.task = k.task and r.seq < k.seq order by r.seq desc limit 1) r on true
    where k.refused and r.op <> 'DELETE' and r.token = k.token
      -- false from these has another meaning than a lost task
      and k.function not in ('finish_step', 'keep_handle', 'keep_partial', 'withdraw_step');

  -- At the end of every transaction an accepted task has ended or is in exactly one place. Only what moves it counts: places
  -- are handed on by deletes, so those transactions stand one after the other.
  return query
    select 'one place or ended', c.task, format('places %s, ended %s after transaction %s', c.places, c.ended, c.transaction_id)
    from (
      select m.task, m.transaction_id, m.places, m.ended, m.accepted,
             lead(m.transaction_id) over (partition by m.task order by m.seq) as next
      from (
        select h.task, h.seq, h.transaction_id,
               sum(case when h.place <> 'task' then case h.op when 'INSERT' then 1 else -1 end else 0 end) over w as places,
               sum(case when h.place <> 'task' then 0
                        else (h.after ->> 'outcome' is not null)::integer - (h.before ->> 'outcome' is not null)::integer end) over w as ended,
               sum(case when h.place <> 'task' then 0 when h.op = 'INSERT' then 1 when h.op = 'DELETE' then -1 else 0 end) over w as accepted
        from history.change h
        where h.place in ('ready', 'timer', 'parked', 'run') and h.op <> 'UPDATE'
           or h.place = 'task' and (h.op <> 'UPDATE' or h.before ->> 'outcome' is distinct from h.after ->> 'outcome')
        window w as (partition by h.task order by h.seq)) m) c
    where c.next is distinct from c.transaction_id and c.places + c.ended <> c.accepted;

  -- The end is final, except that a hook's refusal takes it back in the transaction that wrote it.
  return query
    select 'terminal is final', h.task, format('%s became %s in another transaction', h.before ->> 'outcome', h.after ->> 'outcome')
    from history.change h
    where h.place = 'task' and h.op = 'UPDATE' and h.before ->> 'outcome' is not null
      and (h.before - array['watched', 'replay_of']) <> (h.after - array['watched', 'replay_of'])
      and h.transaction_id <> (
        select e.transaction_id from history.change e
        where e.task = h.task and e.place = 'task' and e.seq < h.seq and e.before ->> 'outcome' is null
          and e.after ->> 'outcome' is not null
        order by e.seq desc limit 1);

  -- Attempts belong to workers that are there, else nobody can reap them.
  return query
    select 'runs have a worker', r.task, format('worker %s is not there', r.worker)
    from durable.run r where not exists (select from durable.worker w where w.id = r.worker);

  -- Slots in use are slots held, and no limit is overdrawn but by what was in when it was lowered.
  return query
    select 'slots in use are held', null::uuid, format('%s: %s in use, %s held', coalesce(c.name, s.name), c.used, s.held)
    from (select * from durable.concurrency d where d.used > 0) c
    full join (
      select x.slot as name, count(*) as held from (
        select unnest(d.slots) as slot from durable.ready d union all select unnest(d.slots) from durable.run d
        union all select unnest(d.slots) from durable.timer d union all select unnest(d.slots) from durable.parked d) x
      group by x.slot) s on s.name = c.name
    where c.used is distinct from s.held;
  return query
    select 'limits hold', null::uuid, format('%s: %s of %s', h.after ->> 'name', h.after ->> 'used', h.after ->> 'capacity')
    from history.change h
    where h.place = 'concurrency' and h.op <> 'DELETE'
      and (h.after ->> 'used')::integer > coalesce((h.before ->> 'used')::integer, 0)
      and (h.after ->> 'used')::integer > (h.after ->> 'capacity')::integer;

  -- A parent waits for exactly its live children, and for at least one.
  return query
    select 'parents wait for live children', p.task, format('step %s waits for %s, live are %s', p.waits_on, p.remaining, c.live)
    from durable.parked p
    cross join lateral (
      select count(*) filter (where t.outcome is null and t.id is not null) as live
      from durable.child d left join durable.task t on t.id = d.child
      where d.parent = p.task and d.step = p.waits_on) c
    where p.wait = 'children' and (p.remaining is distinct from c.live or c.live = 0);
  return query
    select 'links know their child''s end', d.parent, format('child %s: done %s, outcome %s', d.child, d.done, t.outcome)
    from durable.child d join durable.task t on t.id = d.child where d.done <> (t.outcome is not null);

  -- A step is paid once for each time that it was begun: more than one beginning is a declared repeat.
  return query
    select 'steps are paid once', p.task, format('step %s was paid %s times and begun %s times', p.step, p.paid, coalesce(s.begun, 0))
    from (select d.task, d.step, count(*) as paid from history.paid d group by d.task, d.step) p
    left join durable.step s on s.task = p.task and s.name = p.step
    where p.paid > coalesce(s.begun, 0) and exists (select from durable.task t where t.id = p.task);
  return query
    select 'done steps are not paid again', p.task, format('step %s, by token %s', p.step, p.token)
    from history.paid p
    where exists (
      select from history.change h join history.change r on r.task = h.task and r.seq > h.seq
      where h.task = p.task and h.place = 'step' and h.op = 'UPDATE' and h.after ->> 'name' = p.step
        and h.before ->> 'state' <> 'done' and h.after ->> 'state' = 'done'
        and r.place = 'run' and r.op = 'INSERT' and r.token = p.token);
end $$;
