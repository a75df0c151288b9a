select task as "task!", reason as "reason!" from durable.beat($1, $2, $3, make_interval(secs => $4))
