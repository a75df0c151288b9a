select durable.promote($1) as "count!"
