select not exists (select from durable.task where outcome is null)
