-- The engine is its owner's alone: others reach it only through functions that run as the owner.
do $$
declare
  v_role text;
begin
  execute 'revoke all on all functions in schema durable from public';
  execute 'revoke all on all tables in schema durable from public';
  for v_role in select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role') loop
    execute format('revoke all on schema durable from %I', v_role);
    execute format('revoke all on all functions in schema durable from %I', v_role);
    execute format('revoke all on all tables in schema durable from %I', v_role);
    execute format('revoke all on all sequences in schema durable from %I', v_role);
  end loop;
end $$;
