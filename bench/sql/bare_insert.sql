insert into bench.job (id, payload) values ($1, $2)
