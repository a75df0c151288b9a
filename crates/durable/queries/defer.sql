select durable.defer($1, $2, clock_timestamp() + make_interval(secs => $3), $4) as "outcome!"
