delete from durable.schedule where name = $1
