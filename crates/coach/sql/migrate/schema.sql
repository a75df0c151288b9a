-- The schema of what is ours alone, and how Supabase is recognised: it has accounts and an auth.uid() that we did not make.
create schema if not exists coach;
revoke all on schema coach from public;

create or replace function coach.on_supabase()
returns boolean language sql stable set search_path = '' as $$
  select to_regclass('auth.users') is not null and to_regprocedure('auth.uid()') is not null
    and coalesce(obj_description(to_regprocedure('auth.uid()'), 'pg_proc'), '') <> 'made by Mesocycle';
$$;
