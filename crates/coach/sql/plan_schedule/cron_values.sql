-- The values that one field of a cron pattern stands for, ascending: *, 5, 1-5, */15, 1-20/5, names where it has them, and
-- lists of these. Null when it cannot be read. p_names stand for p_lowest and what follows.
create or replace function coach.cron_values(p_field text, p_lowest integer, p_highest integer, p_names text[] default '{}')
returns integer[] language plpgsql immutable set search_path = '' as $$
declare
  v_item text;
  v_part text[];
  v_from integer;
  v_to integer;
  v_values integer[] := '{}';
begin
  if p_field is null or p_field = '' then
    return null;
  end if;
  foreach v_item in array string_to_array(upper(p_field), ',') loop
    v_part := regexp_match(v_item, '^(?:\*|([0-9]{1,2}|[A-Z]{3})(?:-([0-9]{1,2}|[A-Z]{3}))?)(?:/([0-9]{1,2}))?$');
    if v_part is null or v_part[3] is not null and (v_part[3]::integer = 0 or v_part[1] is not null and v_part[2] is null) then
      return null;                             -- a step needs a range: 5/10 means different things to different readers
    end if;
    v_from := case when v_part[1] is null then p_lowest when v_part[1] ~ '^[0-9]' then v_part[1]::integer
      else p_lowest - 1 + array_position(p_names, v_part[1]) end;
    v_to := case when v_part[1] is null then p_highest when v_part[2] is null then v_from
      when v_part[2] ~ '^[0-9]' then v_part[2]::integer else p_lowest - 1 + array_position(p_names, v_part[2]) end;
    if v_from is null or v_to is null or v_from < p_lowest or v_to > p_highest or v_from > v_to then
      return null;
    end if;
    v_values := v_values || array(select generate_series(v_from, v_to, coalesce(v_part[3]::integer, 1)));
  end loop;
  return array(select distinct v from unnest(v_values) v order by v);
end $$;
