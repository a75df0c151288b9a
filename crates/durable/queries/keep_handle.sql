select durable.keep_handle($1, $2, $3, $4) as "held!"
