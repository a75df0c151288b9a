select durable.reserve_budget($1, $2, $3, $4, make_interval(secs => $5))
