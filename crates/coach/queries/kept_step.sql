select output as "output!" from durable.step where task = $1 and name = $2 and state = 'done'
