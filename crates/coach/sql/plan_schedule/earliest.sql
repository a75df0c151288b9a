-- From when the user's schedule may ask for a plan: the day, where the athlete is, that lies min_days_between days after that of
-- the latest plan, whoever made it, and of what the schedule last asked for, whatever became of that. Null when there is none.
create or replace function coach.earliest_plan_at(p_user uuid, p_zone text)
returns timestamptz language sql stable set search_path = '' as $$
  select ((greatest(s.last_at,
      -- A plan of the schedule's own counts from when it was asked for: it may have come after midnight.
      (select max(p.created_at) from public.weekly_base_plans p
       where p.user_id = p_user and p.generation_job_id is distinct from s.last_job_id
         and p.created_at < now() + interval '1 year'))            -- users may write it
    at time zone p_zone)::date + coach.setting('min_days_between')::integer)::timestamp at time zone p_zone
  from (select p_user as id) u left join public.plan_schedules s on s.user_id = u.id;
$$;
