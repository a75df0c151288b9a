select count(durable.spawn(gen_random_uuid(), $1, jsonb_build_object('number', n))) from generate_series(1, $2) n
