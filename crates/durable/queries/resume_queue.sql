select durable.resume_queue($1)
