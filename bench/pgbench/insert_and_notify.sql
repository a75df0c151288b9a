with job as (insert into bench.job (id, payload) values (gen_random_uuid(), '{"number": 1}') returning id) select pg_notify('bench', '') from job;
