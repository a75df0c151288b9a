-- The first fire time after p_after that will make a plan.
create or replace function coach.next_plan_at(p_user uuid, p_cron text, p_zone text, p_after timestamptz)
returns timestamptz language sql stable set search_path = '' as $$
  select coach.next_fire(p_cron, p_zone, greatest(p_after, coach.earliest_plan_at(p_user, p_zone) - interval '1 microsecond'));
$$;
