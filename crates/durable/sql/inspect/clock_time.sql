-- A moment for a sentence: the time of day in UTC, with the date unless it is today's.
create or replace function durable.clock_time(p_at timestamptz, p_now timestamptz)
returns text language sql stable set search_path = '' as $$
  select to_char(p_at at time zone 'UTC', case when (p_at at time zone 'UTC')::date = (p_now at time zone 'UTC')::date
    then 'HH24:MI' else 'YYYY-MM-DD HH24:MI' end) || ' UTC';
$$;
