-- The user's newest pending or processing job.
create or replace function coach.active_weekly_job(p_user uuid)
returns uuid language sql stable set search_path = '' as $$
  select j.id from public.plan_generation_jobs j
  where j.user_id = p_user and j.status in ('pending', 'processing') order by j.created_at desc limit 1;
$$;
