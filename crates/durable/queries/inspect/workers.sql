-- Who works, with how much in hand.
select w.name, w.queues, w.external, durable.moment(w.started_at) as "started_at!", durable.moment(w.lease_until) as "lease_until!",
       w.lease_until > clock_timestamp() as "alive!", (select count(*) from durable.run r where r.worker = w.id) as "running!"
from durable.worker w
order by w.lease_until > clock_timestamp() desc, w.name
limit 1000
