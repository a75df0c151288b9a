select durable.pause_queue($1, $2)
