select durable.disown() as "count!"
