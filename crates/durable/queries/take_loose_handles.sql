select task as "task!", step as "step!", kind as "kind!", handle as "handle!" from durable.take_loose_handles($1, $2)
