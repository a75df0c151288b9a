-- What the tasks used that ended in each hour or day ($2) of the last $1 hours.
select durable.moment(date_trunc($2, h.hour, 'UTC')) as "at!", h.kind, h.model, sum(h.calls)::bigint as "calls!",
       sum(h.input_tokens)::bigint as "input_tokens!", sum(h.output_tokens)::bigint as "output_tokens!", sum(h.cost)::bigint as "cost!"
from durable.spent_hour h
where h.hour > date_trunc('hour', clock_timestamp(), 'UTC') - $1::integer * interval '1 hour'
group by 1, 2, 3
order by 1, 2, 3
