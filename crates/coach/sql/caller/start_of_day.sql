-- When today began, in UTC: limits count from here.
create or replace function coach.start_of_day()
returns timestamptz language sql stable set search_path = '' as $$
  select date_trunc('day', now() at time zone 'UTC') at time zone 'UTC';
$$;
