-- How tasks ended since counting began, by bucket of time.
select d.kind, d.outcome, (power(1.1, d.bucket + 1) / 1000)::double precision as "upper_seconds!", d.tasks, d.seconds
from durable.ended_sum d where d.span = 'ever' order by d.kind, d.outcome, d.bucket
