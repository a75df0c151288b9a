-- Whether a table was here before us, so that its old rows need not agree with our rules.
create or replace function coach.is_adopted(p_table regclass)
returns boolean language plpgsql stable set search_path = '' as $$
begin
  return exists (select from coach.adopted_table t where to_regclass('public.' || t.name) = p_table);
end $$;
