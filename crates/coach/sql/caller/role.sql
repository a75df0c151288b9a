-- The role that asks, seen from inside a function that runs as its owner: what SET ROLE said, else who logged in.
create or replace function coach.caller_role()
returns name language sql stable set search_path = '' as $$
  select case when current_setting('role') = 'none' then session_user else current_setting('role')::name end;
$$;
