select coach.stop_watching($1)
