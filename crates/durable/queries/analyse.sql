select durable.analyse() as "count!"
