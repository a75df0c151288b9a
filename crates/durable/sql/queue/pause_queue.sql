-- Stops a queue: what runs goes on, nothing new of it is claimed. What was ready is set aside.
create or replace function durable.pause_queue(
  p_queue text, p_because text default null, p_now timestamptz default clock_timestamp())
returns void language plpgsql set search_path = '' as $$
begin
  update durable.queue set paused_at = coalesce(paused_at, p_now), paused_because = p_because
    where name = p_queue and p_queue <> '*';
  if not found then
    raise exception using errcode = '22023', message = format('there is no queue "%s"', p_queue);
  end if;
  perform durable.set_aside(p_queue, p_now);
end $$;
