-- The bucket of a time: 1.1 ^ bucket milliseconds, rounded down, so that what is read from it is at most 10 % too small.
create or replace function durable.bucket(p_seconds double precision)
returns smallint language sql immutable set search_path = '' as $$
  select floor(ln(greatest(p_seconds * 1000, 1)) / ln(1.1))::smallint;
$$;
