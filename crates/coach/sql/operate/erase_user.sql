-- Erases a user: every row of theirs, and what the engine keeps of their jobs, what models were asked and answered included. The
-- engine's rows go first, as in every path of ours. Where there are accounts this is for what is left when the account was
-- deleted, whose rows went with it; an account of Supabase's is Supabase's to delete. Returns how many tasks and rows went.
create or replace function coach.erase_user(p_user uuid)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_tasks integer;
  v_rows integer := 0;
  v_count integer;
  v_table text;
begin
  perform coach.lock_user(p_user, 'weekly_plan');
  perform coach.lock_user(p_user, 'workout_plan');
  v_tasks := durable.erase(p_user::text);
  delete from durable.spend_total s where s.scope = 'user ' || p_user;
  foreach v_table in array array['public.plan_generation_jobs', 'public.weekly_base_plans', 'public.workout_plan_requests',
      'public.workout_plan_inputs', 'public.workout_plans', 'public.user_notifications', 'public.push_tokens',
      'public.plan_schedules', 'coach.idempotency'] loop
    execute format('delete from %s where user_id = $1', v_table) using p_user;
    get diagnostics v_count = row_count;
    v_rows := v_rows + v_count;
  end loop;
  if to_regclass('auth.account') is not null then
    execute 'delete from auth.account where id = $1' using p_user;
  end if;
  return jsonb_build_object('tasks', v_tasks, 'rows', v_rows);
end $$;
