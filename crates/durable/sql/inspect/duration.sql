-- A wait for a sentence: seconds under two minutes, minutes under two hours, hours under two days, then days.
create or replace function durable.duration(p_wait interval)
returns text language sql immutable set search_path = '' as $$
  select case when s < 120 then ceil(s) || ' s' when s < 7200 then round(s / 60) || ' min'
    when s < 172800 then round(s / 3600) || ' h' else round(s / 86400) || ' days' end
  from (select extract(epoch from p_wait) as s) w;
$$;
