-- The newest pending or processing job of a user: one's own, or anybody's for the service role.
create or replace function public.get_active_plan_job(p_user_id uuid)
returns table (id uuid, status text, created_at timestamptz, started_at timestamptz, retry_count integer,
               error_message text, error_code text, locked_until timestamptz)
language sql stable security definer set search_path = '' as $$
  select j.id, j.status::text, j.created_at, j.started_at, j.retry_count::integer, j.error_message, j.error_code, j.locked_until
  from public.plan_generation_jobs j
  where j.id = coach.active_weekly_job(p_user_id)
    and (coach.is_service() or p_user_id is not distinct from auth.uid());
$$;

revoke all on function public.get_active_plan_job(uuid) from public, anon, authenticated, service_role;
grant execute on function public.get_active_plan_job(uuid) to authenticated, service_role;
