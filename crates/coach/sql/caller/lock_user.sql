-- One request at a time for a user and flow, to the end of the transaction: what is looked up after this stays true.
create or replace function coach.lock_user(p_user uuid, p_flow text)
returns void language sql set search_path = '' as $$
  select pg_advisory_xact_lock(hashtextextended('mesocycle ' || p_flow || ' ' || p_user, 0));
$$;
