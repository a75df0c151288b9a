-- The next tasks that ended, for the one who sends traces: that is p_holder for half a minute, and longer while it calls. No row to
-- anybody else. The first row is for nobody's task and says how far this reaches, to be confirmed by coach.traces_sent, else the next call
-- returns the same. Where nobody has sent for an hour it begins with what ends now.
create or replace function coach.take_ended(p_holder uuid, p_limit integer, p_now timestamptz default clock_timestamp())
returns table (up_to bigint, task uuid, trace uuid, origin uuid) language plpgsql set search_path = '' as $$
#variable_conflict use_column
declare
  v_event bigint;
  v_settled bigint := (select c.settled from durable.counted c);
begin
  update coach.trace_feed f set holder = p_holder, held_until = p_now + interval '30 seconds',
      event = case when f.held_until < p_now - interval '1 hour' then v_settled else f.event end
    where f.holder = p_holder or f.held_until <= p_now
    returning f.event into v_event;
  if not found then
    return;
  end if;
  return query
    with batch as materialized (
      select e.id, e.task, e.type from durable.event e where e.id > v_event and e.id <= v_settled order by e.id limit p_limit)
    select coalesce(max(b.id), v_event), null::uuid, null::uuid, null::uuid from batch b
    union all
    select b.id, b.task, coach.trace_of(b.task), coach.origin_of(b.task) from batch b
    where b.type in ('succeeded', 'failed', 'cancelled');
end $$;
