-- The moment of so many microseconds since 1970.
create or replace function durable.at(p_micros bigint)
returns timestamptz language sql immutable set search_path = '' as $$
  select timestamptz 'epoch' + p_micros * interval '1 microsecond';
$$;
