-- Events after $1 up to $2, in order.
select e.id, e.task, durable.moment(e.at) as "at!", e.type, t.kind as "kind?", t.queue as "queue?", t.outcome, e.data ->> 'code' as error_code
from durable.event e left join durable.task t on t.id = e.task
where e.id > $1 and e.id <= $2
order by e.id
limit $3
