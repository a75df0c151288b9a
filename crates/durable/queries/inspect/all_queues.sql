-- The limit of all queues together.
select q.max_running from durable.queue q where q.name = '*'
