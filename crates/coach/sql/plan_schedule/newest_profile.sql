-- The profile that the user has asked with last, whatever became of it: one that says less may be less careful. Null when
-- there is none (any more).
create or replace function coach.newest_profile(p_user uuid)
returns jsonb language sql stable set search_path = '' as $$
  select j.profile_snapshot from public.plan_generation_jobs j where j.user_id = p_user order by j.created_at desc limit 1;
$$;
