-- What the present role may select, insert, update and delete in schema public, and how the tables hang together: one JSON value.
with tables as (
  select c.oid, c.relname::text as name, pg_catalog.obj_description(c.oid, 'pg_class') as comment,
    pg_catalog.has_table_privilege(c.oid, 'delete') as deletable,
    array(select a.attname::text from pg_catalog.pg_index i, unnest(i.indkey) with ordinality k (attnum, n)
          join pg_catalog.pg_attribute a on a.attnum = k.attnum
          where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid order by k.n) as primary_key
  from pg_catalog.pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and pg_catalog.has_any_column_privilege(c.oid, 'select')
),
columns as (
  select a.attrelid, pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
    'name', a.attname, 'comment', pg_catalog.col_description(a.attrelid, a.attnum), 'not_null', a.attnotnull,
    'selectable', pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'select'),
    'insertable', a.attgenerated = '' and a.attidentity <> 'a' and pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'insert'),
    'updatable', a.attgenerated = '' and a.attidentity <> 'a' and pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'update'),
    'is_list', element.oid is not null,
    'type_schema', namespace.nspname, 'type_name', declared.typname,
    'base_type', case when base.typnamespace = 'pg_catalog'::regnamespace or base.typname = 'citext' then base.typname end,
    'is_composite', base.typtype in ('c', 'p'),
    'enum_name', case when base.typtype = 'e' then base.typname end,
    'enum_values', case when base.typtype = 'e' then array(select e.enumlabel from pg_catalog.pg_enum e
      where e.enumtypid = base.oid order by e.enumsortorder) end
  ) order by a.attnum) as columns
  from tables t
  join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type declared on declared.oid = a.atttypid
  join pg_catalog.pg_namespace namespace on namespace.oid = declared.typnamespace
  left join pg_catalog.pg_type element on element.oid = declared.typelem and declared.typcategory = 'A'
  join pg_catalog.pg_type base on base.oid = coalesce(element.oid, nullif(declared.typbasetype, 0), declared.oid)
  group by a.attrelid
),
foreign_keys as (
  select k.conname, k.conrelid, k.confrelid, pg_catalog.obj_description(k.oid, 'pg_constraint') as comment,
    array(select a.attname::text from unnest(k.conkey) with ordinality n (attnum, n)
          join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.attnum order by n.n) as columns,
    array(select a.attname::text from unnest(k.confkey) with ordinality n (attnum, n)
          join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = n.attnum order by n.n) as foreign_columns,
    exists (select from pg_catalog.pg_index i where i.indrelid = k.conrelid and i.indisunique and i.indpred is null
      and i.indexprs is null and i.indkey::smallint[] @> k.conkey and k.conkey @> i.indkey::smallint[]) as is_unique
  from pg_catalog.pg_constraint k
  where k.contype = 'f' and k.conparentid = 0
)
select pg_catalog.jsonb_build_object(
  'comment', pg_catalog.obj_description('public'::regnamespace, 'pg_namespace'),
  'tables', (select coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
    'name', t.name, 'comment', t.comment, 'deletable', t.deletable, 'primary_key', t.primary_key, 'columns', c.columns)
    order by t.name), '[]') from tables t join columns c on c.attrelid = t.oid),
  'foreign_keys', (select coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
    'comment', k.comment, 'table', t.name, 'columns', k.columns, 'foreign_table', f.name, 'foreign_columns', k.foreign_columns,
    'is_unique', k.is_unique) order by t.name, k.conname), '[]')
    from foreign_keys k join tables t on t.oid = k.conrelid join tables f on f.oid = k.confrelid)
) as "catalogue!"
