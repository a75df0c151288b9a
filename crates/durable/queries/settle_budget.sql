select durable.settle_budget($1, $2, $3, $4) as "settled!"
