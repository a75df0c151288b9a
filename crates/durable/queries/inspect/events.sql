-- The newest events of a task, in the order in which they were written.
select x.id, durable.moment(x.at) as "at!", x.type, x.data
from (select e.* from durable.event e where e.task = $1 order by e.id desc limit $2) x
order by x.id
