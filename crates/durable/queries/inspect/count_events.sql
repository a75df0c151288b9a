select durable.count_events($1) as "left!"
