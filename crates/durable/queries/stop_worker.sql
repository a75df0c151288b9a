select durable.stop_worker($1)
