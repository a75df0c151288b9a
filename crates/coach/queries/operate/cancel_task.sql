select coach.cancel_task($1)::text as "nothing?"
