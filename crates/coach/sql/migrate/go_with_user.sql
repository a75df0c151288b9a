-- Where there are accounts, a table's rows go with their user.
create or replace function coach.go_with_user(p_table regclass)
returns void language plpgsql set search_path = '' as $$
begin
  if coach.on_supabase() and not exists (select from pg_catalog.pg_constraint k where k.conrelid = p_table and k.contype = 'f'
      and k.confrelid = to_regclass('auth.users') and k.confdeltype = 'c') then
    execute format('alter table %s add foreign key (user_id) references auth.users (id) on delete cascade%s', p_table,
      case when coach.is_adopted(p_table) then ' not valid' else '' end);  -- old rows of users that are gone stand
  end if;
end $$;
