select durable.prune() as "count!"
