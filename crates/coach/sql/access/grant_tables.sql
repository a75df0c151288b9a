-- The contract's grants on its tables. Adds, never takes: what an older database grants beyond them is coach.harden's to close.
create or replace function coach.grant_tables()
returns void language plpgsql set search_path = '' as $$
begin
  grant select, insert, update, delete on public.plan_generation_jobs, public.weekly_base_plans, public.push_tokens,
    public.user_notifications to service_role;
  grant select on public.plan_generation_jobs, public.weekly_base_plans, public.push_tokens, public.user_notifications
    to authenticated;
  grant insert (user_id, profile_snapshot, is_redo, request_reason, redo_type, source_plan_id)
    on public.plan_generation_jobs to authenticated;
  grant delete on public.weekly_base_plans, public.push_tokens to authenticated;
  grant insert (id, user_id, created_at, days, is_locked, version, status, week_start_date, generated_at, activated_at,
      deactivated_at, last_redo_date, original_plan_id),
    update (id, user_id, created_at, days, is_locked, version, status, week_start_date, generated_at, activated_at,
      deactivated_at, last_redo_date, original_plan_id)
    on public.weekly_base_plans to authenticated;
  grant insert (user_id, token, device_info, updated_at), update (user_id, token, device_info, updated_at)
    on public.push_tokens to authenticated;
  grant update (read, delivered) on public.user_notifications to authenticated;
end $$;
