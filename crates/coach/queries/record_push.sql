select coach.record_push($1, $2, $3)
