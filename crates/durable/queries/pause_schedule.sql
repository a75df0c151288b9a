update durable.schedule set enabled = false where name = $1
