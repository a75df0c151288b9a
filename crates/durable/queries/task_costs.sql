select t.id, t.kind, (min(s.started_at) at time zone 'UTC')::date::text as "day!", sum(s.cost)::bigint as "cost!"
from durable.step s join durable.task t on t.id = s.task
where s.cost > 0 and s.started_at >= ((now() at time zone 'UTC')::date + 1 - $1::integer) at time zone 'UTC'
group by t.id, t.kind
order by sum(s.cost) desc, t.id
