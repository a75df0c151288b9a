select coach.retry_task($1) as "task!"
