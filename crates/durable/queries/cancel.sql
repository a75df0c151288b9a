select durable.finish($1, 'cancelled', null, 'CANCELLED') as "cancelled!"
