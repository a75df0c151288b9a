-- Why a plan cannot be redone now: 'redo_blocked_activated', 'redo_blocked_generating', 'redo_limit_reached'; null when it can.
create or replace function coach.redo_obstacle(p_plan public.weekly_base_plans, p_snapshot jsonb)
returns text language sql stable set search_path = '' as $$
  select case
    when p_plan.status::text in ('active', 'archived') then 'redo_blocked_activated'
    when p_plan.status::text in ('pending', 'generating') then 'redo_blocked_generating'
    when greatest(
        case when p_plan.last_redo_date = coach.today(p_snapshot) then p_plan.redo_count_today end,
        (select count(*) from public.plan_generation_jobs j
         where j.user_id = p_plan.user_id and j.target_plan_id = p_plan.id and j.is_redo and j.status::text <> 'failed'
           and j.created_at >= coach.today(p_snapshot)::timestamp at time zone coach.zone(p_snapshot)))
      >= coach.setting('redos_per_day')::integer then 'redo_limit_reached'
  end;
$$;
