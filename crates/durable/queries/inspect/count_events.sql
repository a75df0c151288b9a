select durable.count_events() as "left!"
