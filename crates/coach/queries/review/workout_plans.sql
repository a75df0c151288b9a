-- Workout plans, newest first, of one user or all, after a place in the list. Two lists of which one is empty, so that each has its index.
select x.id as "id!", x.user_id as "user_id!", durable.moment(x.created_at) as "created_at!", x.status::text as "status!", x.start_date::text as start_date,
       x.summary, durable.micros(x.created_at) as "at!"
from ((select p.* from public.workout_plans p
       where $1::uuid is null and (p.created_at, p.id) < (durable.at($2), $3::uuid) order by p.created_at desc, p.id desc limit $4)
      union all
      (select p.* from public.workout_plans p
       where p.user_id = $1 and (p.created_at, p.id) < (durable.at($2), $3::uuid) order by p.created_at desc, p.id desc limit $4)) x
order by x.created_at desc, x.id desc
