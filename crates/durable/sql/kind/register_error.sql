-- Says what follows an error code: 'never' again, 'at_once', or after a 'backoff'. Codes not registered count as 'backoff'.
create or replace function durable.register_error(p_code text, p_retry text)
returns void language sql set search_path = '' as $$
  insert into durable.error_class (code, retry) values (p_code, p_retry)
  on conflict (code) do update set retry = excluded.retry;
$$;
