-- An external worker's heartbeat. False when its lease ran out or it was reaped.
create or replace function durable.extend_lease(
  p_worker bigint, p_lease interval, p_now timestamptz default clock_timestamp())
returns boolean language plpgsql set search_path = '' as $$
begin
  update durable.worker set lease_until = p_now + p_lease where id = p_worker and lease_until > p_now;
  return found;
end $$;
