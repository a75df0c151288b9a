select durable.settle_queues() as "count!"
