-- coach.lock_user without waiting. False when another transaction has it.
create or replace function coach.try_lock_user(p_user uuid, p_flow text)
returns boolean language sql set search_path = '' as $$
  select pg_try_advisory_xact_lock(hashtextextended('mesocycle ' || p_flow || ' ' || p_user, 0));
$$;
