-- Keeps a change for the change feed. Values have the form that Supabase's Realtime gives them: times in ISO 8601 and UTC,
-- numbers as numbers. Over 1 MiB, every value of more than 64 bytes is left out.
create or replace function coach.cut_record(p_record jsonb)
returns jsonb language sql immutable set search_path = '' as $$
  select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(p_record) where octet_length(value::text) <= 64;
$$;

create or replace function coach.note_change()
returns trigger language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
  v_record jsonb;
  v_old jsonb := '{}';
  v_is_cut boolean := false;
begin
  if tg_op = 'INSERT' then
    v_record := to_jsonb(new);
  else
    v_old := to_jsonb(old);
    v_record := case tg_op when 'DELETE' then v_old else to_jsonb(new) end;
    if (select c.relreplident <> 'f' from pg_catalog.pg_class c where c.oid = tg_relid) then
      v_old := (select coalesce(jsonb_object_agg(a.attname, v_old -> a.attname), '{}')
        from pg_catalog.pg_index i join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
        where i.indrelid = tg_relid and i.indisprimary);
    end if;
  end if;
  -- The text may be longer than what jsonb needs for it, but not eight times.
  if pg_column_size(v_record) + pg_column_size(v_old) > 131072
      and octet_length(v_record::text) + octet_length(v_old::text) > 1048576 then
    v_is_cut := true;
    v_record := coach.cut_record(v_record);
    v_old := coach.cut_record(v_old);
  end if;
  insert into coach.change (table_name, type, record, old_record, is_cut)
    values (tg_table_name, tg_op, v_record, v_old, v_is_cut);
  return null;
end $$;
