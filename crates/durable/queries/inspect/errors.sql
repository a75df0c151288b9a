-- What went wrong in the last $1 hours, the latest first, from sums of an hour or a day ($2).
select d.code, d.kind, sum(d.failed)::bigint as "failed!", sum(d.retried)::bigint as "retried!", durable.moment(max(d.last_at)) as "last_at!",
       (array_agg(d.last_task order by d.last_at desc))[1] as "last_task!", durable.moment(min(d.at)) as "first_at!"
from durable.error_sum d
where d.span = $2 and d.at > date_trunc($2, statement_timestamp(), 'UTC') - $1::integer * interval '1 hour'
group by d.code, d.kind
order by max(d.last_at) desc
limit 500
