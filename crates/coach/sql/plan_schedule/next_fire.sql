-- The first fire time of a cron pattern in a zone after a moment; null when the pattern cannot be read or never fires. The
-- engine's rules (crates/durable/src/schedule.rs), of its patterns those without L, W, # and @: said here once more since
-- the function that apps call must answer with it, and may be called where no program of ours listens. A test holds the two together.
create or replace function coach.next_fire(p_cron text, p_zone text, p_after timestamptz)
returns timestamptz language plpgsql stable set search_path = '' as $$
declare
  v_field text[] := regexp_split_to_array(btrim(p_cron, E' \t'), '[ \t]+');
  v_minutes integer[] := coach.cron_values(v_field[1], 0, 59);
  v_hours integer[] := coach.cron_values(v_field[2], 0, 23);
  v_days integer[] := coach.cron_values(v_field[3], 1, 31);
  v_months integer[] := coach.cron_values(v_field[4], 1, 12, '{JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC}');
  v_weekdays integer[] := coach.cron_values(v_field[5], 0, 7, '{SUN,MON,TUE,WED,THU,FRI,SAT}');
  v_once boolean := cardinality(v_minutes) = 1 and cardinality(v_hours) = 1 and (v_field[1] || v_field[2]) !~ '[*/]';
  -- When both days are restricted, either is enough.
  v_either boolean := v_field[3] <> '*' and v_field[5] <> '*';
  v_day date := (p_after at time zone p_zone)::date - 1;
  v_last date := v_day + 3000;                -- beyond the longest wait, eight years between two 29ths of February
  v_on_day boolean;
  v_on_weekday boolean;
  v_next timestamptz;
begin
  if cardinality(v_field) <> 5 or v_minutes is null or v_hours is null or v_days is null or v_months is null or v_weekdays is null then
    return null;
  end if;
  while v_day <= v_last loop
    v_on_day := extract(day from v_day) = any (v_days);
    v_on_weekday := extract(dow from v_day) = any (v_weekdays) or extract(isodow from v_day) = any (v_weekdays);
    if extract(month from v_day) = any (v_months)
       and (v_on_day and v_on_weekday or v_either and (v_on_day or v_on_weekday)) then
      select min(i) into v_next from unnest(v_hours) h cross join unnest(v_minutes) m
        cross join lateral coach.instants(v_day + make_time(h, m, 0), p_zone, v_once) i
        where i > p_after;
      if v_next is not null then
        return v_next;
      end if;
    end if;
    v_day := v_day + 1;
  end loop;
  return null;
end $$;
