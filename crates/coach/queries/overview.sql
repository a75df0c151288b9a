-- What there is to know about a database that may not be ours yet: version, clock, migrated?, roles that we may not take.
select current_setting('server_version_num')::integer as "version!",
       extract(epoch from clock_timestamp())::double precision as "clock!",
       to_regclass('coach.setting') is not null as "migrated!",
       array(select r.rolname::text from pg_catalog.pg_roles r
             where r.rolname in ('anon', 'authenticated', 'service_role') and not pg_has_role(r.oid, 'member')) as "forbidden_roles!"
