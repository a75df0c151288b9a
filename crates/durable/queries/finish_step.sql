select durable.finish_step($1, $2, $3, $4) as "held!"
