-- A moment as microseconds since 1970, which keep their order and lose nothing.
create or replace function durable.micros(p_at timestamptz)
returns bigint language sql immutable set search_path = '' as $$
  select (extract(epoch from p_at) * 1000000)::bigint;
$$;
