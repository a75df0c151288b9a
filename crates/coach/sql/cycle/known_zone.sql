-- A time zone by its IANA name; null when there is none of that name. Never an error.
create or replace function coach.known_zone(p_name text)
returns text language plpgsql stable set search_path = '' as $$
begin
  -- PostgreSQL would also take POSIX rules such as FOO+3 for a zone.
  if p_name is null or p_name !~ '^([A-Za-z_]+(/[A-Za-z0-9_+-]+)*|[A-Z]{3}[0-9][A-Z]{3})$' then
    return null;
  end if;
  perform now() at time zone p_name;
  return p_name;
exception when invalid_parameter_value then
  return null;
end $$;
