-- How tasks ended since counting began, by bucket of time.
select h.kind, h.outcome, (power(1.1, h.bucket + 1) / 1000)::double precision as "upper_seconds!", h.tasks, h.seconds
from durable.ended_hour h where h.hour = '-infinity' order by h.kind, h.outcome, h.bucket
