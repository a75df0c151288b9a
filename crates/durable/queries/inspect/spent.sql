-- What the tasks used that ended in each hour or day ($2) of the last $1 hours.
select durable.moment(d.at) as "at!", d.kind, d.model, d.calls, d.input_tokens, d.output_tokens, d.cost
from durable.spent_sum d
where d.span = $2 and d.at > date_trunc($2, statement_timestamp(), 'UTC') - $1::integer * interval '1 hour'
order by d.at, d.kind, d.model
