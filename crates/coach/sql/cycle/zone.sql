-- The time zone that a profile names; UTC when it names none or none that exists.
create or replace function coach.zone(p_snapshot jsonb)
returns text language sql stable set search_path = '' as $$
  select coalesce(coach.known_zone(p_snapshot ->> 'timezone'), 'UTC');
$$;
