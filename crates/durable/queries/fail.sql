select durable.fail($1, $2, $3, $4, make_interval(secs => $5)) as "outcome!"
