select coach.count_profile($1)
