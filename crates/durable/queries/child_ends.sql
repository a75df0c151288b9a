select task as "task!", outcome, output, error_code, tolerated as "tolerated!" from durable.child_ends($1, $2)
