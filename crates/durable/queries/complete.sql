select durable.complete($1, $2, $3) as "outcome!"
