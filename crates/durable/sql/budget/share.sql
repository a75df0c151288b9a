-- A moving average of the share of what was reserved that calls used; the latest call counts a tenth.
create or replace function durable.share(p_share double precision, p_used bigint, p_reserved bigint)
returns double precision language sql immutable set search_path = '' as $$
  select greatest(0.05, p_share + 0.1 * (coalesce(least(1, p_used::double precision / nullif(p_reserved, 0)), p_share) - p_share));
$$;
