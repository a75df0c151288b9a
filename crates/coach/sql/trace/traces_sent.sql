-- Notes how far traces were sent. With p_stop, another process may go on from there at once.
create or replace function coach.traces_sent(p_holder uuid, p_up_to bigint, p_stop boolean, p_now timestamptz default clock_timestamp())
returns void language sql set search_path = '' as $$
  update coach.trace_feed set event = greatest(event, p_up_to), held_until = case when p_stop then p_now else p_now + interval '30 seconds' end,
      holder = case when p_stop then null else holder end
    where holder = p_holder;
$$;
