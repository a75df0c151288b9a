select durable.spawn_children($1, $2, $3, $4, $5) as "state!"
