select complete_many as "task!" from durable.complete_many($1, $2, $3)
