-- Athletes' schedules, newest first, of one user or all, after a place in the list. Two lists of which one is empty, so that each has its index.
select x.user_id as "user_id!", x.cron as "cron!", x.time_zone as "time_zone!", x.enabled as "enabled!",
       durable.moment(x.next_at) as next_at, durable.moment(x.last_at) as last_at, x.last_job_id,
       durable.moment(x.skipped_at) as skipped_at, x.skipped_because,
       durable.moment(x.created_at) as "created_at!", durable.moment(x.updated_at) as "updated_at!", durable.micros(x.created_at) as "at!"
from ((select s.* from public.plan_schedules s
       where $1::uuid is null and (s.created_at, s.user_id) < (durable.at($2), $3::uuid) order by s.created_at desc, s.user_id desc limit $4)
      union all
      (select s.* from public.plan_schedules s
       where s.user_id = $1 and (s.created_at, s.user_id) < (durable.at($2), $3::uuid) limit $4)) x
order by x.created_at desc, x.user_id desc
