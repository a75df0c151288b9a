-- A weekly plan and, while its job is kept, what it was made from.
select p.id, p.user_id, durable.moment(p.created_at) as "created_at!", p.status::text as "status!", p.version, p.week_start_date::text as week_start_date,
       p.generation_job_id, durable.micros(p.created_at) as "at!", p.days as "days!", j.profile_snapshot as "profile_snapshot?",
       j.request_reason as "request_reason?"
from public.weekly_base_plans p left join public.plan_generation_jobs j on j.id = p.generation_job_id
where p.id = $1
