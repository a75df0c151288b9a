-- Where there is no Supabase: its roles and the three functions of schema auth that policies are written with.
do $shim$
declare
  v_role text;
begin
  if coach.on_supabase() then
    return;
  end if;
  foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
    if to_regrole(v_role) is null then
      -- Roles belong to the whole cluster: another database may be making the same one at this moment.
      begin
        execute format('create role %I nologin noinherit', v_role);
      exception
        when duplicate_object or unique_violation then null;
        when insufficient_privilege then
          raise exception 'role % is missing and % may not create it: as a superuser, create role % nologin; grant % to %',
            v_role, current_user, v_role, v_role, current_user;
      end;
    end if;
    -- PostgreSQL 16 tells being a member from being allowed to SET ROLE; granting again is harmless in both.
    if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user)
       and not pg_catalog.pg_has_role(current_user, v_role, case when current_setting('server_version_num')::integer >= 160000
         then 'SET' else 'MEMBER' end) then
      begin
        execute format('grant %I to current_user', v_role);
      exception when insufficient_privilege then
        raise exception '% may not act as role %: as a superuser, grant % to %', current_user, v_role, v_role, current_user;
      end;
    end if;
  end loop;
  if not (select rolbypassrls from pg_catalog.pg_roles where rolname = 'service_role')
     and (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
    begin
      alter role service_role bypassrls;
    exception when others then
      raise warning 'service_role keeps its policies: %', sqlerrm;  -- another database is at it; policies let it through too
    end;
  end if;

  create schema if not exists auth;
  grant usage on schema auth to anon, authenticated, service_role;
  if to_regprocedure('auth.jwt()') is null then
    create function auth.jwt() returns jsonb language sql stable set search_path = '' as
      $$ select coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb $$;
    comment on function auth.jwt() is 'made by Mesocycle';
    revoke all on function auth.jwt() from public;
    grant execute on function auth.jwt() to anon, authenticated, service_role;
  end if;
  if to_regprocedure('auth.uid()') is null then
    create function auth.uid() returns uuid language sql stable set search_path = '' as
      $$ select nullif(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '')::uuid $$;
    comment on function auth.uid() is 'made by Mesocycle';
    revoke all on function auth.uid() from public;
    grant execute on function auth.uid() to anon, authenticated, service_role;
  end if;
  if to_regprocedure('auth.role()') is null then
    create function auth.role() returns text language sql stable set search_path = '' as
      $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' $$;
    comment on function auth.role() is 'made by Mesocycle';
    revoke all on function auth.role() from public;
    grant execute on function auth.role() to anon, authenticated, service_role;
  end if;
end $shim$;
-- Those who reach the tables and functions must be able to name them.
do $$ begin
  if not (select bool_and(has_schema_privilege(r, 'public', 'usage')) from unnest(array['anon', 'authenticated', 'service_role']) r) then
    grant usage on schema public to anon, authenticated, service_role;
  end if;
end $$;
