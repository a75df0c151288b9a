select durable.spawn(gen_random_uuid(), 'no_op', '{"number": 1}');
