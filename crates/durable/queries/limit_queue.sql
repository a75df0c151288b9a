select durable.limit_queue($1, $2, $3)
