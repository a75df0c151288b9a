select durable.unpark($1) as "moved!"
