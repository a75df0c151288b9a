-- How many tasks ended in each hour or day ($2) of the last $1 hours.
select durable.moment(d.at) as "at!", d.kind,
       coalesce(sum(d.tasks) filter (where d.outcome = 'succeeded'), 0)::bigint as "succeeded!",
       coalesce(sum(d.tasks) filter (where d.outcome = 'failed'), 0)::bigint as "failed!",
       coalesce(sum(d.tasks) filter (where d.outcome = 'cancelled'), 0)::bigint as "cancelled!"
from durable.ended_sum d
where d.span = $2 and d.at > date_trunc($2, statement_timestamp(), 'UTC') - $1::integer * interval '1 hour'
group by d.at, d.kind
order by d.at, d.kind
