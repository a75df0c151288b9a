-- When a wall clock in a zone shows p_local: once as a rule, twice where it is put back, never where it is put forward. With
-- p_once, exactly one: the first of two, and for none the first instant after the gap.
create or replace function coach.instants(p_local timestamp, p_zone text, p_once boolean)
returns setof timestamptz language plpgsql stable set search_path = '' as $$
declare
  v_near timestamptz := p_local at time zone p_zone;
  -- The clock of a day before and of a day after: they differ only around a change.
  v_before timestamptz := p_local at time zone 'UTC' - ((v_near - interval '1 day') at time zone p_zone - (v_near - interval '1 day') at time zone 'UTC');
  v_after timestamptz := p_local at time zone 'UTC' - ((v_near + interval '1 day') at time zone p_zone - (v_near + interval '1 day') at time zone 'UTC');
  v_found timestamptz[] := array(select distinct i from unnest(array[v_before, v_after]) i
    where i at time zone p_zone = p_local order by i);
begin
  if p_once and cardinality(v_found) = 0 then
    return query select min(i) from generate_series(least(v_before, v_after), greatest(v_before, v_after), interval '1 minute') i
      where i at time zone p_zone > p_local;
  elsif p_once then
    return next v_found[1];
  else
    return query select unnest(v_found);
  end if;
end $$;
