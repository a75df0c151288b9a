-- The Monday of the athlete's present week.
create or replace function coach.cycle_start(p_snapshot jsonb)
returns date language sql stable set search_path = '' as $$
  select date_trunc('week', coach.today(p_snapshot)::timestamp)::date;
$$;
