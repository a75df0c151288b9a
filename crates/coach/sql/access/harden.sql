-- Closes everything that coach.findings() lists and returns the statements that did it.
create or replace function coach.harden()
returns setof text language plpgsql set search_path = '' as $$
declare
  v_cure text;
begin
  for v_cure in select f.cure from coach.findings() f loop
    execute v_cure;
    return next v_cure;
  end loop;
  perform coach.grant_tables();  -- a revoke from a table takes the grants on its columns along
  perform coach.grant_workout_tables();
  perform coach.grant_plan_schedules();
end $$;
