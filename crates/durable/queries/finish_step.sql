select durable.finish_step($1, $2, $3, $4, $5, $6) as "held!"
