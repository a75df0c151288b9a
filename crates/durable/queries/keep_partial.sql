select durable.keep_partial($1, $2, $3, $4) as "held!"
