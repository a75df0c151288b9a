select durable.why($1)
