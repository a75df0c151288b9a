-- Whether days is an object with exactly the keys monday to sunday.
create or replace function coach.has_seven_days(p_days jsonb)
returns boolean language sql immutable set search_path = '' as $$
  select coalesce(jsonb_typeof(p_days) = 'object' and (select array_agg(k order by k) from jsonb_object_keys(
    case when jsonb_typeof(p_days) = 'object' then p_days else '{}' end) k)
    = array['friday', 'monday', 'saturday', 'sunday', 'thursday', 'tuesday', 'wednesday'], false);
$$;
