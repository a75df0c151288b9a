-- Before any change: stops at everything that cannot be reconciled with the contract, all of it by name.
do $preflight$
declare
  v_problems text[] := array(select pg_temp.right_problems()) || array(select pg_temp.column_problems())
    || array(select pg_temp.state_problems());
begin
  if v_problems <> '{}' then
    raise exception using errcode = 'object_not_in_prerequisite_state',
      message = 'this database cannot be migrated; nothing was changed: ' || array_to_string(v_problems, '; ');
  end if;
end $preflight$;
drop function pg_temp.right_problems(), pg_temp.column_problems(), pg_temp.state_problems();
