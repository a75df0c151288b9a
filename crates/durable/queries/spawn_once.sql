select durable.spawn_once($1, $2, $3, p_max_retries => $4, p_lane => $5, p_key => $6) as "task!"
