-- Accepts a task, in the caller's own transaction. Raises 23505 when the id exists, 22023 when the kind is unknown.
-- No NOTIFY here: it would make concurrent commits wait for one server-wide lock; and no slot of a limit is taken: a long
-- transaction of the caller would hold up everybody else who needs one.
create or replace function durable.spawn(
  p_task uuid, p_kind text, p_input jsonb, p_max_retries integer default null, p_due_at timestamptz default null,
  p_lane integer default 0, p_key text default null, p_deadline timestamptz default null,
  p_now timestamptz default clock_timestamp())
returns void language plpgsql set search_path = '' as $$
declare
  v_kind durable.kind;
  v_task durable.task;
  v_to text := 'waiting';
begin
  select * into v_kind from durable.kind k where k.name = p_kind;
  if not found then
    raise exception using errcode = '22023', message = format('no task kind "%s" is registered', p_kind),
      hint = 'Call durable.register_kind first.';
  end if;
  insert into durable.task (id, kind, queue, lane, input, max_retries, created_at, key, deadline)
    values (p_task, p_kind, v_kind.queue, p_lane, p_input, coalesce(p_max_retries, v_kind.max_retries), p_now, p_key, p_deadline)
    returning * into v_task;
  if p_lane <> 0 then
    insert into durable.lane (queue, lane) values (v_kind.queue, p_lane) on conflict (queue, lane) do nothing;
  end if;
  if p_due_at > p_now then
    insert into durable.timer (task, due_at, reason, retries, losses) values (p_task, p_due_at, 'delayed', 0, 0);
  else
    v_to := durable.put_back(v_task, 0, 0, null, p_now);
  end if;
  if p_deadline is not null then
    insert into durable.deadline (task, at) values (p_task, p_deadline);
  end if;
  if v_kind.on_transition is not null then
    perform durable.tell(row(p_task, p_kind, p_input, null, v_to, 0, 0,
      null, null, null, null, null, null, null, null, p_now)::durable.transition, p_strict => true);
  end if;
end $$;
