select id from graphile_worker.add_job('no_op', '{"number": 1}'::json);
