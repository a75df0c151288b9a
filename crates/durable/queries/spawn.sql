select durable.spawn($1, $2, $3)
