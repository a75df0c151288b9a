-- Test builds only, loaded after the engine: writes down every change of every table of the engine, and every call that
-- is fenced by a token with its answer. history.faults() (check.sql) judges it.
create schema history;

-- The sequence is drawn while the changed row is locked, so for what one row hands to the next (a task's places) the
-- order is the order in which it happened. Cache 1 for that reason.
create sequence history.place_in_time cache 1;

create table history.change (
  seq bigint primary key default nextval('history.place_in_time'),
  at timestamptz not null default clock_timestamp(),
  transaction_id xid8 not null default pg_current_xact_id(),
  session text not null default current_setting('application_name') || ' ' || pg_backend_pid(),
  place text not null,            -- the table, without its schema
  op text not null,               -- INSERT, UPDATE or DELETE
  task uuid,
  token bigint,                   -- of rows that have one
  before jsonb,
  after jsonb,
  by_task uuid,                   -- the fenced call that made the change, if it was made by one
  by_token bigint
) with (autovacuum_enabled = off);

create table history.call (
  seq bigint primary key default nextval('history.place_in_time'),
  at timestamptz not null default clock_timestamp(),
  session text not null default current_setting('application_name') || ' ' || pg_backend_pid(),
  function text not null,
  task uuid not null,
  token bigint not null,
  refused boolean not null
) with (autovacuum_enabled = off);

-- What the work of tests pays, each time on a connection of its own outside of the engine's transactions: as real as a
-- provider's bill.
create table history.paid (
  seq bigint primary key default nextval('history.place_in_time'),
  at timestamptz not null default clock_timestamp(),
  task uuid not null,
  step text not null,
  token bigint not null
);

create function history.write_down() returns trigger language plpgsql as $$
declare
  v_was jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  v_is jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
  v_row jsonb := coalesce(v_is, v_was);
  v_by jsonb := nullif(current_setting('history.by', true), '');
  v_task uuid := case tg_table_name when 'task' then v_row ->> 'id' when 'child' then v_row ->> 'parent' else v_row ->> 'task' end;
  -- What a call for one task does to others is its doing too; of a call for many, only what it does to each of them.
  v_writer uuid := case when v_by ? v_task::text then v_task
                        when (select count(*) = 1 from jsonb_object_keys(v_by)) then (select k::uuid from jsonb_object_keys(v_by) k) end;
begin
  insert into history.change (place, op, task, token, before, after, by_task, by_token)
    values (tg_table_name, tg_op, v_task,
      coalesce(v_row ->> 'token', case when tg_table_name = 'ready' then v_row ->> 'ticket' end)::bigint, v_was, v_is,
      v_writer, (v_by ->> v_writer::text)::bigint);
  return null;
end $$;

do $$
declare
  r record;
begin
  for r in select c.relname as name from pg_class c where c.relnamespace = 'durable'::regnamespace and c.relkind = 'r'
      and c.relname not in ('migration', 'kind', 'error_class') loop
    execute format('create trigger history after insert or update or delete on durable.%I
      for each row execute function history.write_down()', r.name);
  end loop;
end $$;

-- Every function that takes (p_task, p_token), or arrays (p_tasks, p_tokens), is wrapped: the wrapper says who writes for
-- as long as the call lasts, and notes of a single task's whether it was refused. So functions to come are judged too.
create schema unrecorded;
do $$
declare
  f record;
  v_call text;
  v_body text;
begin
  for f in
    select p.oid, p.proname as name, pg_get_function_arguments(p.oid) as arguments,
           pg_get_function_identity_arguments(p.oid) as identity, pg_get_function_result(p.oid) as result, p.proretset as is_set,
           p.prorettype::regtype::text as type,
           (select string_agg(quote_ident(a), ', ') from unnest(p.proargnames[1:p.pronargs]) a) as names,
           (select string_agg(quote_ident(a), ', ') from unnest(p.proargnames[p.pronargs + 1:]) a) as columns,
           quote_ident(p.proargnames[p.pronargs + 1]) as first_column, p.proargnames @> array['p_tasks', 'p_tokens'] as is_many
    from pg_proc p
    where p.pronamespace = 'durable'::regnamespace and p.prokind = 'f'
      and (p.proargnames @> array['p_task', 'p_token'] or p.proargnames @> array['p_tasks', 'p_tokens'])
      -- end_run is asked by the others while they write; beat tells of tasks and does not write for them
      and p.proname not in ('end_run', 'beat')
  loop
    execute format('alter function durable.%I(%s) set schema unrecorded', f.name, f.identity);
    v_call := format('unrecorded.%I(%s)', f.name, f.names);
    v_body := case
      when f.is_set and f.columns is null then format('return query select * from %s;', v_call)
      when f.is_set then format('for %1$s in select * from %2$s loop
           v_refused := %3$s::text = ''lost''; return next;
         end loop;', f.columns, v_call, f.first_column)
      when f.type = 'void' then format('perform %s;', v_call)
      when f.type = 'boolean' then format('v_answer := %s; v_refused := not v_answer;', v_call)
      when f.type = 'text' then format('v_answer := %s; v_refused := v_answer = ''lost'';', v_call)
      else format('v_answer := %s;', v_call) end;
    execute format(
      'create function durable.%1$I(%2$s) returns %3$s language plpgsql set search_path = '''' as $wrapper$
       #variable_conflict use_variable
       declare
         v_before text := coalesce(current_setting(''history.by'', true), '''');
         v_refused boolean := false;
         %4$s
       begin
         perform set_config(''history.by'', (%8$s)::text, true);
         %5$s
         perform set_config(''history.by'', v_before, true);
         %7$s
         %6$s
       end $wrapper$',
      f.name, f.arguments, f.result,
      case when not f.is_set and f.type <> 'void' then format('v_answer %s;', f.type) else '' end, v_body,
      case when f.is_set or f.type = 'void' then 'return;' else 'return v_answer;' end,
      case when not f.is_many then format(
        'insert into history.call (function, task, token, refused) values (%L, p_task, p_token, coalesce(v_refused, false));', f.name) end,
      case when f.is_many then 'select jsonb_object_agg(u.task, u.token) from unnest(p_tasks, p_tokens) u (task, token)'
           else 'jsonb_build_object(p_task, p_token)' end);
  end loop;
end $$;
revoke all on all functions in schema durable from public;

create index change_run on history.change (task, seq) where place = 'run';
create index change_task on history.change (task, seq);
