select days as "days!" from public.weekly_base_plans where id = $1
