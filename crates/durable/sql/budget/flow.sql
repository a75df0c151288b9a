-- How much of a minute's limit flows back in a second. A limit of 1 would leave nothing beside the burst: half of it then.
create or replace function durable.flow(p_limit bigint)
returns double precision language sql immutable set search_path = '' as $$
  select greatest(p_limit - durable.burst(p_limit), p_limit / 2.0) / 60;
$$;
