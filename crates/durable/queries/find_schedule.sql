select cron, time_zone from durable.schedule where name = $1
