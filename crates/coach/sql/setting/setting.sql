-- The value of a setting. Every name has a default in migrate/registry.sql.
create or replace function coach.setting(p_name text)
returns jsonb language sql stable set search_path = '' as $$
  select value from coach.setting where name = p_name;
$$;
