select durable.replay($1, $2) as "task!"
