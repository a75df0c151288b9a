select durable.holds($1, $2) as "holds!"
