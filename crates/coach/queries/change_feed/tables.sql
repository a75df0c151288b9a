select count(*) as "count!" from pg_catalog.pg_trigger t
join pg_catalog.pg_class c on c.oid = t.tgrelid and c.relnamespace = 'public'::regnamespace
where t.tgname = 'mesocycle_change' and t.tgenabled <> 'D'
