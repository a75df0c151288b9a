select beat as "task!" from durable.beat($1, $2, $3, make_interval(secs => $4)) as beat
