select durable.raise_floor() as "count!"
