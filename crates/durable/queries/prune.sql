select durable.prune(make_interval(secs => $1), $2) as "count!"
