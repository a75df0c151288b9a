select durable.expire() as "count!"
