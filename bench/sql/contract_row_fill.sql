select count(bench.spawn_with_contract_row(gen_random_uuid(), jsonb_build_object('number', n))) from generate_series(1, $1) n
