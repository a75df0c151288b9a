-- The sentence for a task whose queue is paused.
create or replace function durable.why_paused(p_queue durable.queue, p_now timestamptz)
returns text language sql stable set search_path = '' as $$
  select format('Queue %s is paused since %s%s.', p_queue.name, durable.clock_time(p_queue.paused_at, p_now),
    coalesce(': ' || rtrim(p_queue.paused_because, '.'), ''));
$$;
