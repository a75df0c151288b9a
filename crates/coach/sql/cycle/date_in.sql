-- The date in a time zone; in the setting's where none is named, or none that exists.
create or replace function coach.date_in(p_zone text, p_now timestamptz default now())
returns date language sql stable set search_path = '' as $$
  select (p_now at time zone coalesce(coach.known_zone(p_zone), coach.known_zone(coach.setting('time_zone') #>> '{}'), 'UTC'))::date;
$$;
