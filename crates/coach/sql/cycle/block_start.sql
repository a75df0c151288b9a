-- The first day of a block: the first Monday strictly after today where the athlete is. A zone that is not known, or none,
-- is the setting's.
create or replace function coach.block_start(p_zone text, p_now timestamptz default now())
returns date language sql stable set search_path = '' as $$
  select date_trunc('week', (p_now at time zone coalesce(coach.known_zone(p_zone),
    coach.known_zone(coach.setting('time_zone') #>> '{}'), 'UTC')) + interval '7 days')::date;
$$;
