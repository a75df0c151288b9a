select public.request_workout_plan($1, $2, $3, $4, $5) as "answer!"
