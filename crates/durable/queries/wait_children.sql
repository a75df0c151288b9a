select durable.wait_children($1, $2, $3) as "state!"
