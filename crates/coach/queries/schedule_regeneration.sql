select public.schedule_regeneration($1, $2, $3, $4) as "answer!"
