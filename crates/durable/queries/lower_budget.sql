select durable.lower_budget($1, $2, clock_timestamp() + make_interval(secs => $3), $4, clock_timestamp() + make_interval(secs => $5),
  $6, clock_timestamp() + make_interval(secs => $7))
