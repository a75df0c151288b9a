-- Queues in which something is to be done and that no living worker serves: tasks that are ready, that a worker would make so, or that were
-- left by one that is dead. A worker from outside lives while it holds a job.
create or replace function coach.forsaken_queues(p_terms jsonb, p_now timestamptz)
returns table (about text, figures jsonb) language sql stable set search_path = '' as $$
  select q.name, '{}'::jsonb
  from durable.queue q
  where (p_terms ->> 'no_worker_seconds')::integer > 0 and q.name <> '*' and q.paused_at is null
    and not exists (select from durable.worker w where q.name = any (w.queues) and w.lease_until > p_now) and (
      exists (select from durable.ready y where y.queue = q.name)
      or exists (select from (select d.task from durable.timer d where d.due_at <= p_now order by d.due_at limit 1000) d
        join durable.task t on t.id = d.task and t.queue = q.name)
      or exists (select from (select r.task from durable.run r join durable.worker w on w.id = r.worker and w.lease_until <= p_now limit 1000) r
        join durable.task t on t.id = r.task and t.queue = q.name));
$$;
