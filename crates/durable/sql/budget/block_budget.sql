-- Lets no call go before p_until (Retry-After); an earlier end than the one that stands is not believed.
create or replace function durable.block_budget(p_name text, p_until timestamptz, p_now timestamptz default clock_timestamp())
returns void language plpgsql set search_path = '' as $$
declare
  b durable.budget := durable.lock_budget(p_name, p_now);
begin
  b.blocked_until := greatest(b.blocked_until, p_until);
  perform durable.write_budget(b, 0, 0, 0);
end $$;
