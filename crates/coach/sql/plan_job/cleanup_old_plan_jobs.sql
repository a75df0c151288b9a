-- Deletes jobs that ended more than 7 days ago (a setting), and answers kept for idempotency keys. A user's newest job stays
-- while a schedule makes plans of its profile. Returns how many jobs.
create or replace function public.cleanup_old_plan_jobs()
returns integer language plpgsql security definer set search_path = '' as $$
declare
  v_count integer;
begin
  delete from public.plan_generation_jobs j
    where j.status in ('completed', 'failed')
      and coalesce(j.completed_at, j.created_at) < now() - make_interval(days => coach.setting('keep_ended_jobs_days')::integer)
      and not exists (select from public.plan_schedules s where s.user_id = j.user_id and s.enabled
        and not exists (select from public.plan_generation_jobs n where n.user_id = j.user_id and n.created_at > j.created_at));
  get diagnostics v_count = row_count;
  delete from coach.idempotency i where i.created_at < now() - interval '24 hours';
  return v_count;
end $$;

revoke all on function public.cleanup_old_plan_jobs() from public, anon, authenticated, service_role;
grant execute on function public.cleanup_old_plan_jobs() to service_role;
