-- What there is to know about a table that the change feed hears of: its columns, who may read them, and the condition
-- under which each of the callers' roles may see a row (null: every row).
with role_ as (
  select r.oid, r.rolname, r.rolsuper or r.rolbypassrls as bypasses from pg_catalog.pg_roles r
  where r.rolname in ('anon', 'authenticated', 'service_role'))
select
  c.relrowsecurity as "row_security!",
  (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', t.typname,
      'sql_type', format_type(a.atttypid, a.atttypmod),
      'is_key', coalesce(a.attnum = any (i.indkey), false),
      'readers', (select coalesce(jsonb_agg(r.rolname), '[]') from role_ r where has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT')))
      order by a.attnum)
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_type t on t.oid = a.atttypid
    left join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisprimary
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)::text as "columns!",
  (select jsonb_object_agg(r.rolname, case when c.relrowsecurity and not r.bypasses then
      (select coalesce('(' || string_agg('(' || coalesce(pg_get_expr(p.polqual, p.polrelid), 'true') || ')', ' or ')
                  filter (where p.polpermissive) || ')', 'false')
          || coalesce(' and ' || string_agg('(' || coalesce(pg_get_expr(p.polqual, p.polrelid), 'true') || ')', ' and ')
                  filter (where not p.polpermissive), '')
        from pg_catalog.pg_policy p
        where p.polrelid = c.oid and p.polcmd in ('r', '*')
          and exists (select from unnest(p.polroles) g where g = 0 or pg_has_role(r.oid, g, 'USAGE'))) end)
    from role_ r)::text as "conditions!"
from pg_catalog.pg_class c
where c.relnamespace = 'public'::regnamespace and c.relname = $1::text
  and exists (select from pg_catalog.pg_trigger g where g.tgrelid = c.oid and g.tgname = 'mesocycle_change' and g.tgenabled <> 'D')
