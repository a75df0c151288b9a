select task as "task!", token as "token!", kind as "kind!", input as "input!", retries as "retries!", losses as "losses!",
       max_retries as "max_retries!",
       extract(epoch from run_until - started_at)::float8 as "run_limit_seconds!"
from durable.claim($1, $2, $3)
