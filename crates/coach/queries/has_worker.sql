select durable.has_worker($1) as "has_worker!"
