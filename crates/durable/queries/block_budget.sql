select durable.block_budget($1, clock_timestamp() + make_interval(secs => $2))
