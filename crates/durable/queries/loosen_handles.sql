select durable.loosen_handles($1, $2, clock_timestamp())
