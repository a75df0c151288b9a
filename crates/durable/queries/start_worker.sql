select durable.start_worker($1, $2, false, make_interval(secs => $3)) as "id!"
