-- The time zone that a profile names; UTC when it names none or none that exists. Never an error.
create or replace function coach.zone(p_snapshot jsonb)
returns text language plpgsql stable set search_path = '' as $$
declare
  v_zone text := p_snapshot ->> 'timezone';
begin
  -- PostgreSQL would also take POSIX rules such as FOO+3 for a zone.
  if v_zone is null or v_zone !~ '^([A-Za-z_]+(/[A-Za-z0-9_+-]+)*|[A-Z]{3}[0-9][A-Z]{3})$' then
    return 'UTC';
  end if;
  perform now() at time zone v_zone;
  return v_zone;
exception when invalid_parameter_value then
  return 'UTC';
end $$;
