select durable.drop_loose_handle($1, $2)
