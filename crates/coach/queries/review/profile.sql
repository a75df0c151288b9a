-- What a plan task was asked for: health data. No row for any other task.
select j.user_id as "user_id!", j.profile_snapshot as "profile!", j.request_reason as "request_reason?" from public.plan_generation_jobs j where j.id = $1
union all
select r.user_id, to_jsonb(r.user_profile), i.system_prompt
from public.workout_plan_requests r left join public.workout_plan_inputs i on i.id = r.id where r.id = $1
