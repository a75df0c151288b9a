-- Every queue with what stands in it. Counts end: ready at a hundred thousand a queue, the others at 5,000 timers, 20,000 parked and
-- 5,000 runs of all queues together, since for most of them the header must be asked for the queue. The oldest is found by its
-- place in line.
with elsewhere as materialized (
  select coalesce(x.queue, (select t.queue from durable.task t where t.id = x.task)) as queue, x.place
  from ((select w.task, null as queue, 'waiting' as place from durable.timer w limit 5000)
        union all
        (select p.task, case p.wait when 'pause' then p.waits_on when 'limit' then nullif(split_part(p.waits_on, ' ', 2), '') end,
           case p.wait when 'person' then 'parked' else 'waiting' end from durable.parked p limit 20000)
        union all
        (select r.task, null, 'running' from durable.run r limit 5000)) x)
select q.name, q.max_running, q.max_per_key, durable.moment(q.paused_at) as paused_at, q.paused_because,
       (select count(*) from (select from durable.ready y where y.queue = q.name limit 100000) x) as "ready!",
       (select count(*) from elsewhere e where e.queue = q.name and e.place = 'waiting') as "waiting!",
       (select count(*) from elsewhere e where e.queue = q.name and e.place = 'parked') as "parked!",
       (select count(*) from elsewhere e where e.queue = q.name and e.place = 'running') as "running!",
       oldest.seconds as oldest_seconds, durable.has_worker(q.name, clock_timestamp()) as "has_worker!"
from durable.queue q,
  lateral (
    select max(extract(epoch from clock_timestamp() - t.created_at))::double precision as seconds
    from durable.lane l,
      lateral (select y.task from durable.ready y where y.queue = l.queue and y.lane = l.lane order by y.ticket limit 1) y
      join durable.task t on t.id = y.task
    where l.queue = q.name) oldest
where q.name <> '*'
order by q.name
