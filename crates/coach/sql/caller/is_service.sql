-- Whether the caller may act for any user: service_role and who inherits from it (the owner, a superuser). By database
-- role and never by a claim, which is only as good as whoever set it.
create or replace function coach.is_service()
returns boolean language sql stable set search_path = '' as $$
  select pg_catalog.pg_has_role(coach.caller_role(), 'service_role', 'USAGE');
$$;
