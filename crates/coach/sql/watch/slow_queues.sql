-- Queues with a worker whose first in line has been ready for too long. How long is known by the marks: a task's age says nothing, since it
-- may have slept.
create or replace function coach.slow_queues(p_terms jsonb, p_now timestamptz)
returns table (about text, figures jsonb) language sql stable set search_path = '' as $$
  select q.name, jsonb_build_object('seconds', floor(extract(epoch from p_now - min(m.at))))
  from durable.queue q
    join durable.lane l on l.queue = q.name,
    lateral (select y.ticket from durable.ready y where y.queue = l.queue and y.lane = l.lane order by y.ticket limit 1) y,
    lateral (select m.at from coach.ticket_mark m where m.ticket >= y.ticket order by m.at limit 1) m
  where (p_terms ->> 'queue_seconds')::integer > 0 and q.paused_at is null and durable.has_worker(q.name, p_now)
  group by q.name
  having min(m.at) <= p_now - make_interval(secs => (p_terms ->> 'queue_seconds')::integer);
$$;
