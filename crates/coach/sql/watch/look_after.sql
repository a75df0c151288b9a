-- Duty of any process, worker or not: looks what is wrong, and returns what is to be told to the operator: alerts that began, those that
-- still stand after the time for saying so again, and those that ended. Nothing to whom is not the one who looks: that is p_holder for a
-- minute, and longer while it calls. What was told is confirmed by coach.alert_told, else the next look returns it again.
create or replace function coach.look_after(p_holder uuid, p_terms jsonb, p_now timestamptz default clock_timestamp())
returns table (alert text, about text, ended boolean, since text, figures jsonb)
language plpgsql set search_path = '' as $$
#variable_conflict use_column
begin
  update coach.watch w set holder = p_holder, held_until = p_now + interval '1 minute'
    where w.holder = p_holder or w.held_until <= p_now;
  if not found then
    return;
  end if;
  insert into coach.ticket_mark (at, ticket)
    select p_now, case when s.is_called then s.last_value else 0 end from durable.ticket s on conflict (at) do nothing;
  delete from coach.ticket_mark m
    where m.at < p_now - greatest(interval '1 day', make_interval(secs => 2 * (p_terms ->> 'queue_seconds')::integer));
  with trouble as materialized (select * from coach.troubles(p_terms, p_now)),
  over as (
    update coach.standing_alert a set ended_at = p_now
    where a.ended_at is null and coalesce(a.seen_at < p_now - interval '1 hour',
      not exists (select from trouble t where t.alert = a.alert and t.about = a.about)))
  insert into coach.standing_alert as a (alert, about, since, figures)
    select t.alert, t.about, p_now, t.figures from trouble t
    on conflict (alert, about) do update set figures = excluded.figures, ended_at = null;
  -- What was over before anybody heard of it is not told.
  delete from coach.standing_alert a where a.ended_at is not null and a.told_at is null;
  return query
    select a.alert, a.about, a.ended_at is not null, durable.moment(a.since), a.figures from coach.standing_alert a
    where a.ended_at is not null
      or (a.alert <> 'no_worker' or a.since <= p_now - make_interval(secs => (p_terms ->> 'no_worker_seconds')::integer))
        and coalesce(a.told_at <= p_now - make_interval(mins => (p_terms ->> 'repeat_minutes')::integer), true)
    order by a.since, a.alert, a.about;
end $$;
