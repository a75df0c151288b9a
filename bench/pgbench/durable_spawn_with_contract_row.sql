select bench.spawn_with_contract_row(gen_random_uuid(), '{"number": 1}');
