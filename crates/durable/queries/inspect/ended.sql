-- How many tasks ended in each hour or day ($2) of the last $1 hours.
select durable.moment(date_trunc($2, h.hour, 'UTC')) as "at!", h.kind,
       coalesce(sum(h.tasks) filter (where h.outcome = 'succeeded'), 0)::bigint as "succeeded!",
       coalesce(sum(h.tasks) filter (where h.outcome = 'failed'), 0)::bigint as "failed!",
       coalesce(sum(h.tasks) filter (where h.outcome = 'cancelled'), 0)::bigint as "cancelled!"
from durable.ended_hour h
where h.hour > date_trunc('hour', clock_timestamp(), 'UTC') - $1::integer * interval '1 hour'
group by 1, 2
order by 1, 2
