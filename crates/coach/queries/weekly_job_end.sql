select status::text as "status!", result_plan_id as plan, error_message as message, error_code as code
from public.plan_generation_jobs where id = $1
