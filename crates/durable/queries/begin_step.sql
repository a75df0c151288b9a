select state as "state!", output, handle, partial, seconds from durable.begin_step($1, $2, $3, $4, $5, $6, $7)
