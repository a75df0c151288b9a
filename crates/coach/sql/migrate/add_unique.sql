-- Adds a unique rule unless the table has one on exactly these columns. Where old duplicates stand, the rule begins with
-- the rows made from now on.
create or replace function coach.add_unique(p_table regclass, p_index name, p_columns text[], p_where text default null)
returns void language plpgsql set search_path = '' as $$
declare
  v_columns text := (select string_agg(quote_ident(c), ', ') from unnest(p_columns) c);
  v_where text := format('(%s) is not null', v_columns) || coalesce(' and ' || p_where, '');
  v_doubled boolean;
begin
  if p_where is null and exists (
      select from pg_catalog.pg_index i where i.indrelid = p_table and i.indisunique and i.indpred is null
        and (select array_agg(a.attname::text order by a.attname) from pg_catalog.pg_attribute a
             where a.attrelid = i.indrelid and a.attnum = any (i.indkey::smallint[]))
          = array(select c from unnest(p_columns) c order by c)) then
    return;
  end if;
  execute format('select exists (select from %s where %s group by %s having count(*) > 1)', p_table, v_where, v_columns)
    into v_doubled;
  v_where := concat_ws(' and ', p_where, case when v_doubled then format('created_at >= %L::timestamptz', clock_timestamp()) end);
  execute format('create unique index %I on %s (%s)', p_index, p_table, v_columns)
    || case when v_where <> '' then ' where ' || v_where else '' end;
end $$;
