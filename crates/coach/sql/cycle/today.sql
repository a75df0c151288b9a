-- The date where the athlete is.
create or replace function coach.today(p_snapshot jsonb)
returns date language sql stable set search_path = '' as $$
  select (now() at time zone coach.zone(p_snapshot))::date;
$$;
