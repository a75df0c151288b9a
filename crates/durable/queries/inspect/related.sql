-- A task's children ($2 false) or parents ($2 true), by the step that waits.
select c.step, case when $2 then c.parent else c.child end as "id!", t.kind as "kind?", t.outcome as outcome, t.error_code,
       c.done, c.tolerated
from durable.child c left join durable.task t on t.id = case when $2 then c.parent else c.child end
where c.child = $1 and $2 or c.parent = $1 and not $2
order by c.step, c.position
limit 500
