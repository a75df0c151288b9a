-- What the schema public offers, as one JSON document: tables with their columns, foreign keys between them, functions.
-- Runs with an empty search_path, so that every type's name is written out in full; columns and parameters have their type
-- without its modifier, since a cast to varchar(3) would cut what an assignment refuses.
with relation as (
  select c.oid, c.relname as name
  from pg_catalog.pg_class c
  where c.relnamespace = 'public'::pg_catalog.regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
), attribute as (
  select a.attrelid, a.attnum, a.attname as name, pg_catalog.format_type(a.atttypid, -1) as data_type,
    case when a.attidentity <> '' then pg_catalog.format('pg_catalog.nextval(%L)',
        pg_catalog.pg_get_serial_sequence(a.attrelid::pg_catalog.regclass::text, a.attname))
      when a.attgenerated = '' then pg_catalog.pg_get_expr(d.adbin, d.adrelid) end as default_value
  from pg_catalog.pg_attribute a
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped
), tables as (
  select r.name,
    (select coalesce(json_agg(json_build_object('name', a.name, 'data_type', a.data_type, 'default_value', a.default_value)
        order by a.attnum), '[]')
      from attribute a where a.attrelid = r.oid) as columns,
    (select coalesce(json_agg(a.name order by k.position), '[]')
      from pg_catalog.pg_index i, unnest(i.indkey::int2[]) with ordinality as k (attnum, position), attribute a
      where i.indrelid = r.oid and i.indisprimary and a.attrelid = r.oid and a.attnum = k.attnum) as primary_key
  from relation r
), foreign_keys as (
  select k.conname as name, f.name as "table", t.name as referenced_table,
    (select json_agg(a.name order by c.position) from unnest(k.conkey) with ordinality as c (attnum, position), attribute a
      where a.attrelid = k.conrelid and a.attnum = c.attnum) as columns,
    (select json_agg(a.name order by c.position) from unnest(k.confkey) with ordinality as c (attnum, position), attribute a
      where a.attrelid = k.confrelid and a.attnum = c.attnum) as referenced_columns,
    exists (select from pg_catalog.pg_index i
      where i.indrelid = k.conrelid and i.indisunique and i.indpred is null and i.indexprs is null
        and k.conkey @> (i.indkey::int2[])[0:i.indnkeyatts - 1]) as is_unique
  from pg_catalog.pg_constraint k
    join relation f on f.oid = k.conrelid
    join relation t on t.oid = k.confrelid
  where k.contype = 'f' and k.conparentid = 0
), argument as (
  select p.oid as function, a.position, a.data_type, coalesce(p.proargnames[a.position], '') as name,
    coalesce(a.mode, 'i') as mode, coalesce(a.mode, 'i') in ('i', 'b', 'v') as is_input,
    count(*) filter (where coalesce(a.mode, 'i') in ('i', 'b', 'v')) over (partition by p.oid order by a.position)
      > p.pronargs - p.pronargdefaults as has_default
  from pg_catalog.pg_proc p,
    unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes) with ordinality as a (data_type, mode, position)
  where p.pronamespace = 'public'::pg_catalog.regnamespace
), functions as (
  select p.proname as name, p.proretset as returns_set, p.prorettype = 'void'::pg_catalog.regtype as returns_nothing,
    p.provolatile = 'v' as is_volatile, r.name as returns_table,
    (select coalesce(json_agg(json_build_object('name', a.name, 'data_type', pg_catalog.format_type(a.data_type, -1),
        'has_default', a.has_default, 'is_variadic', a.mode = 'v') order by a.position), '[]')
      from argument a where a.function = p.oid and a.is_input) as parameters,
    case when t.typrelid <> 0 then
        (select json_agg(json_build_object('name', a.name, 'data_type', a.data_type) order by a.attnum)
          from attribute a where a.attrelid = t.typrelid)
      else (select json_agg(json_build_object('name', a.name, 'data_type', pg_catalog.format_type(a.data_type, -1))
          order by a.position) from argument a where a.function = p.oid and a.mode in ('o', 'b', 't'))
      end as returns_columns
  from pg_catalog.pg_proc p
    join pg_catalog.pg_type t on t.oid = p.prorettype
    left join relation r on r.oid = t.typrelid
  where p.pronamespace = 'public'::pg_catalog.regnamespace and p.prokind = 'f'
    and p.prorettype not in ('trigger'::pg_catalog.regtype, 'event_trigger'::pg_catalog.regtype)
)
select json_build_object(
  'tables', (select coalesce(json_agg(t), '[]') from tables t),
  'foreign_keys', (select coalesce(json_agg(k order by k.name), '[]') from foreign_keys k),
  'functions', (select coalesce(json_agg(f), '[]') from functions f)
)::text as "catalogue!"
