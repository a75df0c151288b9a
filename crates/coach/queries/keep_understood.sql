select coach.keep_understood($1, $2)
