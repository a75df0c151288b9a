-- The first fire time after p_after that will make a plan: on a day, where the athlete is, at least min_days_between days after
-- that of the latest plan, whoever made it, and of what the schedule last asked for, whatever became of that.
create or replace function coach.next_plan_at(p_user uuid, p_cron text, p_zone text, p_after timestamptz)
returns timestamptz language plpgsql stable set search_path = '' as $$
declare
  v_schedule public.plan_schedules;
  v_latest timestamptz;
  v_first timestamptz := p_after;
begin
  select s.* into v_schedule from public.plan_schedules s where s.user_id = p_user;
  -- A plan of the schedule's own counts from when it was asked for: it may have come after midnight.
  select max(p.created_at) into v_latest from public.weekly_base_plans p
    where p.user_id = p_user and p.generation_job_id is distinct from v_schedule.last_job_id;
  v_latest := greatest(v_latest, v_schedule.last_at);
  if v_latest is not null then
    v_first := greatest(p_after, ((v_latest at time zone p_zone)::date + coach.setting('min_days_between')::integer)::timestamp
      at time zone p_zone - interval '1 microsecond');
  end if;
  return coach.next_fire(p_cron, p_zone, v_first);
end $$;
