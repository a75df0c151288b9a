-- Changes a setting. Raises 22023 when no setting has this name or the value is of another type.
create or replace function coach.set_setting(p_name text, p_value jsonb)
returns void language plpgsql set search_path = '' as $$
declare
  v_type text := jsonb_typeof(coach.setting(p_name));
begin
  if v_type is null then
    raise exception using errcode = '22023', message = format('there is no setting "%s"', p_name),
      hint = 'There are: ' || (select string_agg(name, ', ' order by name) from coach.setting) || '.';
  end if;
  if p_value is null or jsonb_typeof(p_value) <> v_type or (v_type = 'number'
      and (p_value::numeric not between 0 and 1000000000 or p_value::numeric % 1 <> 0)) then
    raise exception using errcode = '22023', message = format('setting "%s" must be %s, not %s', p_name,
      case v_type when 'number' then 'a whole number from 0 to 1000000000' when 'boolean' then 'true or false' else v_type end, p_value);
  end if;
  update coach.setting set value = p_value where name = p_name;
  perform coach.register_kinds();
end $$;
