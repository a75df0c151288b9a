select durable.withdraw_step($1, $2, $3) as "held!"
