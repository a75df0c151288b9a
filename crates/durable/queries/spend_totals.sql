select scope, day::text as "day!", used
from durable.spend_total
where day > (now() at time zone 'UTC')::date - $1::integer and used > 0
order by scope, day
