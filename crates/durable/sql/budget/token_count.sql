-- A count of tokens as a provider wrote it; null when it is none. A malformed count must not cost a paid result.
create or replace function durable.token_count(p_count jsonb)
returns bigint language sql immutable set search_path = '' as $$
  select case when jsonb_typeof(p_count) = 'number' and p_count::numeric between 0 and 1000000000 then p_count::numeric::bigint end;
$$;
