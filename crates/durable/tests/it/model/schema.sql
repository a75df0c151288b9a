-- What the random test needs beside the engine: its own clock, kinds, a hook that refuses on demand, and all that
-- the engine knows as lines of text.
create function model.at(p_microseconds bigint) returns timestamptz language sql immutable as $$
  select timestamptz '2100-01-01 00:00:00+00' + p_microseconds * interval '1 microsecond' $$;
create function model.since(p_at timestamptz) returns bigint language sql immutable as $$
  select (extract(epoch from p_at - timestamptz '2100-01-01 00:00:00+00') * 1000000)::bigint $$;

create table model.refused (to_state text);
insert into model.refused values (null);
create function model.refuse(p durable.transition) returns void language plpgsql as $$
begin
  if p.from_state is not null and exists (select from model.refused r where r.to_state = p.to_state) then
    raise exception 'refused';
  end if;
end $$;

select durable.register_kind('a', 'qa', null, 2, '5 minutes'), durable.register_kind('b', 'qb', null, 1, '5 minutes'),
  durable.register_kind('c', 'qa', 'model.refuse', 1, '5 minutes'),
  durable.register_error('NEVER', 'never'), durable.register_error('ONCE', 'at_once');
update durable.kind set max_losses = case name when 'a' then 3 else 1 end;

create view model.line as
  select format('task %s %s/%s %s %s %s %s', id, outcome, error_code, retries, losses, watched, replay_of) as text from durable.task
  union all select format('ready %s %s %s %s %s', task, ticket, retries, losses, array_to_string(slots, '+')) from durable.ready
  union all select format('timer %s %s %s %s %s', task, model.since(due_at), retries, losses, array_to_string(slots, '+')) from durable.timer
  union all select format('parked %s %s %s %s/%s/%s %s', task, model.since(since), retries, losses, wait,
      waits_on || coalesce(' ' || remaining, ''), array_to_string(slots, '+')) from durable.parked
  union all select format('run %s %s %s %s %s %s %s', task, token, worker, model.since(started_at), retries, losses,
      array_to_string(slots, '+')) from durable.run
  union all select format('limit %s %s %s', name, capacity, used) from durable.concurrency
  union all select format('step %s %s %s %s', task, name, state, begun) from durable.step
  union all select format('child %s %s %s %s %s %s', parent, step, position, child, tolerated, done) from durable.child
  union all select format('once %s %s %s', kind, key, task) from durable.once
  union all select format('deadline %s %s', task, model.since(at)) from durable.deadline
  union all select format('orphan %s', task) from durable.orphan
  union all select format('dead letter %s', task) from durable.dead_letter
  union all select format('worker %s %s', id, model.since(lease_until)) from durable.worker
  union all select format('queue %s %s %s %s', name, max_running, max_per_key, paused_at is not null) from durable.queue;

-- A function keeps the plan.
create function model.lines() returns setof text language plpgsql as $$
begin
  return query select l.text from model.line l;
end $$;

create procedure model.begin() language sql as $$
  delete from durable.task; delete from durable.ready; delete from durable.timer; delete from durable.parked;
  delete from durable.run; delete from durable.concurrency; delete from durable.step; delete from durable.child;
  delete from durable.once; delete from durable.deadline; delete from durable.orphan; delete from durable.dead_letter;
  delete from durable.worker; delete from durable.event;
  update durable.queue set max_running = null, max_per_key = null, paused_at = null;
  update model.refused set to_state = null;
  select setval('durable.ticket', 1, false), setval(pg_get_serial_sequence('durable.worker', 'id'), 1, false);
$$;
