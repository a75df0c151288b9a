-- A workout plan.
select p.id, p.user_id, durable.moment(p.created_at) as "created_at!", p.status::text as "status!", p.start_date::text as start_date, p.summary,
       durable.micros(p.created_at) as "at!", (select r.id from public.workout_plan_requests r where r.workout_plan_id = p.id limit 1) as request_id
from public.workout_plans p where p.id = $1
