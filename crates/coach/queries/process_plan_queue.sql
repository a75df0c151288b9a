select public.process_plan_queue() as "answer!"
