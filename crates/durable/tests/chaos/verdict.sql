-- What is wrong after a round: the history's faults, and tasks that ended otherwise than they should.
select rule, concat_ws(': ', task::text, detail) from history.faults()
 union all
 -- An effect and its end are one transaction.
 select 'an end and its effect are one', t.id::text from durable.task t
   where t.kind = 'settler' and (t.outcome = 'succeeded')::integer is distinct from
     (select count(*)::integer from public.made m where m.task = t.id)
     and (t.outcome = 'succeeded' or exists (select from public.made m where m.task = t.id))
 union all
 select 'what succeeded was paid', t.id::text from durable.task t
   where t.kind = 'paying' and t.outcome = 'succeeded'
     and (select count(distinct p.step) from history.paid p where p.task = t.id) <> 2
 union all
 select 'nothing is left behind', 'slots, workers'' runs or waiting tasks' where exists (
   select from durable.concurrency c where c.used > 0
   union all select from durable.run union all select from durable.ready
   union all select from durable.timer union all select from durable.parked)
 union all
 select 'tasks end as they should', concat_ws(' ', t.kind, t.id, t.outcome, t.error_code) from durable.task t
   where t.outcome <> 'cancelled' and t.outcome <> case t.kind when 'doomed' then 'failed' else 'succeeded' end
     and t.error_code is distinct from 'WORKER_LOST'
     -- a parent fails with a child that was given up
     and not (t.error_code = 'CHILD_FAILED' and exists (
       select from durable.child c join durable.task k on k.id = c.child
       where c.parent = t.id and not c.tolerated and k.error_code = 'WORKER_LOST'))
