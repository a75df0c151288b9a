-- What an outside worker said about its failure in its own words; null when it said nothing or the code is the engine's.
create or replace function coach.outside_message(t durable.transition)
returns text language sql immutable set search_path = '' as $$
  select nullif(btrim(t.error_message), '')
  where t.external and t.error_code not in ('WORKER_LOST', 'CLIENT_RESET', 'MAX_RETRIES_EXCEEDED', 'USER_CANCELLED');
$$;
