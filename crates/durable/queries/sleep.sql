select durable.sleep($1, $2, $3, make_interval(secs => $4)) as "state!"
