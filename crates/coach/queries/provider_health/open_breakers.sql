-- Which living workers do not ask which provider.
select b.provider, w.name as worker, b.code, durable.moment(b.opened_at) as "opened_at!", durable.moment(b.open_until) as "open_until!",
       b.open_until <= clock_timestamp() as "is_probing!"
from coach.open_breaker b join durable.worker w on w.id = b.worker
where w.lease_until > clock_timestamp()
order by b.provider, w.name
