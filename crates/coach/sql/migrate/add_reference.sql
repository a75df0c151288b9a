-- Adds a foreign key unless the column has one to that table, and its comment unless it has one. Old rows stand as they are.
create or replace function coach.add_reference(p_table regclass, p_column name, p_target regclass, p_action text, p_comment text)
returns void language plpgsql set search_path = '' as $$
declare
  v_constraint record;
begin
  loop
    select k.oid, k.conname into v_constraint
    from pg_catalog.pg_constraint k join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and k.conkey = array[a.attnum]
    where k.conrelid = p_table and k.contype = 'f' and k.confrelid = p_target and a.attname = p_column order by k.oid limit 1;
    exit when found;
    execute format('alter table %s add foreign key (%I) references %s (id) %s', p_table, p_column, p_target, p_action)
      || case when coach.is_adopted(p_table) then ' not valid' else '' end;
  end loop;
  if p_comment is not null and obj_description(v_constraint.oid, 'pg_constraint') is null then
    execute format('comment on constraint %I on %s is %L', v_constraint.conname, p_table, p_comment);
  end if;
end $$;
