-- The steps of a task. What was answered is shown only where $2 says so.
select s.name, s.state, s.begun as sent, s.repeats, s.resumed, s.handle is not null as "has_handle!", s.estimate, s.cost, s.usage,
       durable.model_of(s) as "model!", durable.moment(s.started_at) as "started_at!", durable.moment(s.ended_at) as ended_at,
       durable.moment(s.deadline) as deadline, case when $2 then s.output end as output, case when $2 then s.partial end as partial
from durable.step s where s.task = $1
order by s.started_at, s.name
limit 500
