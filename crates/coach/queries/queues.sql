-- Every queue that a kind of task stands in: whether a live worker of ours serves it, and why it is paused if it is.
select q.name as "name!", durable.has_worker(q.name) as "has_worker!", q.paused_at is not null as "paused!", q.paused_because
from durable.queue q where q.name in (select k.queue from durable.kind k) order by q.name
