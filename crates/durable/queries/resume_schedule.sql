update durable.schedule set enabled = true, next_at = to_timestamp($2::bigint) where name = $1 and not enabled
