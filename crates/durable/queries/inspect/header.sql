-- What a task's header holds beyond a list's row.
select t.input, t.output, t.error_message, durable.moment(t.deadline) as deadline, durable.why(t.id) as "why!"
from durable.task t where t.id = $1
