-- Runs one statement (its parameter: JSON objects as text; its rows: their ordinals) as each of several callers, and returns the
-- ordinals that each was given; null where it raised. Statements come from the change feed alone, made of catalogue names.
--
-- Every caller's settings, their own and those that a policy may make, are rolled back before the next caller's turn. The
-- search path stays the session's: policies call functions that were written for it.
create or replace function coach.ask_each(p_roles text[], p_claims text[], p_statements text[], p_rows text[])
returns table (number integer, seen bigint[]) language plpgsql as $$
declare
  v_rows text[];
  v_seen bigint[];
begin
  for i in 1 .. pg_catalog.cardinality(p_roles) loop
    number := i;
    v_seen := null;
    v_rows := array(select e from pg_catalog.jsonb_array_elements_text(p_rows[i]::pg_catalog.jsonb) e);
    begin
      perform pg_catalog.set_config('role', p_roles[i], true), pg_catalog.set_config('request.jwt.claims', p_claims[i], true);
      execute pg_catalog.format('select coalesce(pg_catalog.array_agg(a.ordinal), ''{}'') from (%s) a(ordinal)', p_statements[i])
        into v_seen using v_rows;
      raise exception using errcode = 'MCRBK';
    exception
      when sqlstate 'MCRBK' then null;
      when others then v_seen := null;
    end;
    seen := v_seen;
    return next;
  end loop;
end $$;
