select coach.date_in($1)::text as "date!"
