select durable.put_schedule($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::bigint))
