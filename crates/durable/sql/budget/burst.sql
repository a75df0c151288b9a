-- How much of a minute's limit may be taken at once: 5 % (three seconds' worth), at least one. The other 95 % flow in evenly,
-- so that no 60 seconds see more than the limit, whatever window the provider counts in.
create or replace function durable.burst(p_limit bigint)
returns double precision language sql immutable set search_path = '' as $$
  select case when p_limit is not null then greatest(1, p_limit * 0.05)::double precision end;
$$;
