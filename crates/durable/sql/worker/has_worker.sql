-- Whether a live process of ours serves the queue.
create or replace function durable.has_worker(p_queue text, p_now timestamptz default clock_timestamp())
returns boolean language sql stable set search_path = '' as $$
  select exists (select from durable.worker w
    where not w.external and p_queue = any (w.queues) and w.lease_until > p_now);
$$;
