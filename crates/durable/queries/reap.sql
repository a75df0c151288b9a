select durable.reap() as "count!"
