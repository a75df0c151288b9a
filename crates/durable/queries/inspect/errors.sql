-- What went wrong in the last $1 hours, the latest first.
select h.code, h.kind, sum(h.failed)::bigint as "failed!", sum(h.retried)::bigint as "retried!", durable.moment(max(h.last_at)) as "last_at!",
       (array_agg(h.last_task order by h.last_at desc))[1] as "last_task!", durable.moment(min(h.hour)) as "first_hour!"
from durable.failed_hour h
where h.hour > date_trunc('hour', clock_timestamp(), 'UTC') - $1::integer * interval '1 hour'
group by h.code, h.kind
order by max(h.last_at) desc
limit 500
