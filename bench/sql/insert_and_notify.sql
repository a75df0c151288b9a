with job as (insert into bench.job (id, payload) values ($1, $2) returning id) select pg_notify('bench', '') from job
