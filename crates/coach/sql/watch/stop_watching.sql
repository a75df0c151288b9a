-- Lets another process look from now on.
create or replace function coach.stop_watching(p_holder uuid)
returns void language sql set search_path = '' as $$
  update coach.watch set holder = null, held_until = '-infinity' where holder = p_holder;
$$;
