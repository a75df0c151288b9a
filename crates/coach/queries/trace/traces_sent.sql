select coach.traces_sent($1, $2, $3)
