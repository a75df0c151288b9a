select coach.is_retried($1) as "is_retried!"
