-- Notes something wrong that no look would find, such as a provider that fails, by whoever meets it. It is over when nobody has met it for an
-- hour.
create or replace function coach.note_trouble(
  p_alert text, p_about text, p_figures jsonb, p_now timestamptz default clock_timestamp())
returns void language sql set search_path = '' as $$
  insert into coach.standing_alert as a (alert, about, since, figures, seen_at) values (p_alert, p_about, p_now, p_figures, p_now)
    on conflict (alert, about) do update set figures = excluded.figures, seen_at = greatest(a.seen_at, p_now), ended_at = null;
$$;
