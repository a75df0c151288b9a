-- Every attempt of a task: those that ended are events, one more may run.
select row_number() over (order by a.started_at, a.id nulls last)::integer as "attempt!", a.worker, durable.moment(a.started_at) as started_at,
       durable.moment(a.ended_at) as ended_at, a.outcome as "outcome!", a.error_code, a.error_message
from (
  select e.id, e.data ->> 'worker' as worker, (e.data ->> 'started_at')::timestamptz as started_at, e.at as ended_at,
         e.type as outcome, e.data ->> 'code' as error_code, e.data ->> 'message' as error_message
  from durable.event e where e.task = $1 and e.data ? 'started_at'
  union all
  select null, w.name, r.started_at, null, 'running', null, null
  from durable.run r left join durable.worker w on w.id = r.worker where r.task = $1) a
order by a.started_at, a.id nulls last
limit 200
