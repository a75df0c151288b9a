select durable.hasten($1) as "moved!"
