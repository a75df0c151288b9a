-- Puts the triggers of the change feed on the contract's tables, as far as they lack them. `mesocycle dev` and
-- `mesocycle migrate --realtime` call it; on Supabase its own replication tells what changed. workout_plan_inputs stays out,
-- as it does of the publication.
create or replace function coach.install_change_feed()
returns void language plpgsql set search_path = '' as $$
declare
  v_table name;
begin
  for v_table in
    select c.relname from pg_catalog.pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and c.relname in ('plan_generation_jobs', 'weekly_base_plans', 'push_tokens', 'user_notifications',
        'workout_plan_requests', 'workout_plans', 'workout_entries', 'exercises', 'exercise_texts', 'plan_schedules')
      and not exists (select from pg_catalog.pg_trigger t where t.tgrelid = c.oid and t.tgname = 'mesocycle_change')
    order by c.relname
  loop
    -- Another process may be at it: then it is done already.
    execute format('create or replace trigger mesocycle_change after insert or update or delete on public.%I
      for each row execute function coach.note_change()', v_table);
  end loop;
end $$;
