select state as "state!", output from durable.begin_step($1, $2, $3, $4)
