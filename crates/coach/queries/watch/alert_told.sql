select coach.alert_told($1, $2, $3, $4)
