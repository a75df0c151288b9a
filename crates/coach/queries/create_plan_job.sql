select public.create_plan_job($1, $2) as "answer!"
