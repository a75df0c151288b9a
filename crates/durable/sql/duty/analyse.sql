-- Duty of any worker: statistics of the tables that hold history, where autovacuum is behind: half of a table is new since
-- its last analyse, or all of it. Autovacuum does it at a tenth, once a minute, unless it is off or its few workers are
-- busy with larger tables; then a plan made for an empty table scans a full one. Tables whose rows live for moments are
-- left alone: no statistics are true for what is empty now and full in a second, so their functions force their plans.
-- Returns how many tables it analysed.
create or replace function durable.analyse()
returns integer language plpgsql set search_path = '' as $$
declare
  v_table regclass;
  v_count integer := 0;
begin
  for v_table in
    select s.relid::regclass from pg_catalog.pg_stat_user_tables s
    where s.schemaname = 'durable' and s.relname <> all (array['ready', 'timer', 'run', 'parked', 'worker'])
      and s.n_mod_since_analyze > 1000 + s.n_live_tup / 2
  loop
    -- Another worker that is at it, or a vacuum, is not waited for.
    execute format('analyze (skip_locked) %s', v_table);
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;
