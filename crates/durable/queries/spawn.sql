select durable.spawn($1, $2, $3, p_max_retries => $4, p_due_at => clock_timestamp() + make_interval(secs => $5), p_lane => $6,
  p_key => $7, p_deadline => clock_timestamp() + make_interval(secs => $8))
