-- Duty of a worker that serves the kinds: handles whose cancel hook is to be called now. Whoever does not report back by
-- durable.drop_loose_handle is taken for failed: the next try is due after 15, 30, 60, 120 s. After five tries, or a
-- day in which nobody served the kind, the handle is dropped with an event: no provider works that long.
create or replace function durable.take_loose_handles(
  p_kinds text[], p_limit integer default 16, p_now timestamptz default clock_timestamp())
returns table (task uuid, step text, kind text, handle jsonb) language plpgsql set search_path = '' as $$
begin
  with dropped as (
    delete from durable.loose_handle l where (l.task, l.step) in (
      select d.task, d.step from durable.loose_handle d
      where (d.tries >= 5 and d.due_at <= p_now) or d.since < p_now - interval '1 day' for update skip locked)
    returning l.*)
  insert into durable.event (task, at, type, data)
    select d.task, p_now, 'handle_dropped', jsonb_build_object('step', d.step, 'tries', d.tries) from dropped d;
  return query
    update durable.loose_handle l set tries = l.tries + 1, due_at = p_now + interval '15 seconds' * power(2, l.tries)
    where (l.task, l.step) in (
      select d.task, d.step from durable.loose_handle d where d.due_at <= p_now and d.kind = any (p_kinds)
      order by d.due_at limit p_limit for update skip locked)
    returning l.task, l.step, l.kind, l.handle;
end $$;
