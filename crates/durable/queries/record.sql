select durable.record($1, $2, $3, $4) as "held!"
