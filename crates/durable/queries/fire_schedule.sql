select durable.fire_schedule($1, to_timestamp($2::bigint), $3, array(select to_timestamp(f) from unnest($4::bigint[]) f), $5,
  to_timestamp($6::bigint), coalesce(to_timestamp($7::bigint), clock_timestamp())) as "spawned!"
