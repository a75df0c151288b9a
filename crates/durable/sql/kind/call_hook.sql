-- Calls a kind's hook in a savepoint. Null: done. Otherwise what it raised, with nothing of it left behind.
-- Deadlocks and serialization failures are let out: the whole call is to be tried again, the hook is not at fault.
create or replace function durable.call_hook(p_hook text, p_transition durable.transition)
returns text language plpgsql set search_path = '' as $$
begin
  execute format('select %s($1)', p_hook) using p_transition;
  return null;
exception
  when deadlock_detected or serialization_failure or lock_not_available then raise;
  when others then return sqlstate || ' ' || sqlerrm;
end $$;
