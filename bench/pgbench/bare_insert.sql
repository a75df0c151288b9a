insert into bench.job (id, payload) values (gen_random_uuid(), '{"number": 1}');
