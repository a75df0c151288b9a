select durable.promote() as "count!"
