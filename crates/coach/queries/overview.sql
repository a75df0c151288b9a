-- What there is to know about a database that may not be ours yet: version, clock, migrated?, by which build, roles that are
-- not there and roles that we may not take. Only from the catalogue, which every role may read. PostgreSQL 16 tells being a member from being allowed to SET ROLE.
select current_setting('server_version_num')::integer as "version!",
       extract(epoch from clock_timestamp())::double precision as "clock!",
       exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
               where n.nspname = 'coach' and c.relname = 'setting') as "migrated!",
       (select obj_description(n.oid, 'pg_namespace') from pg_catalog.pg_namespace n where n.nspname = 'coach') as form,
       array(select role from unnest(array['anon', 'authenticated', 'service_role']) role
             where to_regrole(role) is null) as "missing_roles!",
       array(select r.rolname::text from pg_catalog.pg_roles r
             where r.rolname in ('anon', 'authenticated', 'service_role')
               and not pg_has_role(r.oid, case when current_setting('server_version_num')::integer >= 160000
                 then 'SET' else 'MEMBER' end)) as "forbidden_roles!"
