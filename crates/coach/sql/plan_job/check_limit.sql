-- Raises 429 when the user has had today's jobs. A day is a UTC day; jobs that were cancelled or failed count.
create or replace function coach.check_weekly_limit(p_user uuid)
returns void language plpgsql set search_path = '' as $$
declare
  v_anonymous boolean := not coach.is_service() and coalesce(auth.jwt() ->> 'is_anonymous', '') = 'true';
  v_limit integer := coach.setting(case when v_anonymous then 'anonymous_jobs_per_day' else 'jobs_per_day' end)::integer;
begin
  if (select count(*) from public.plan_generation_jobs j
      where j.user_id = p_user and j.created_at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC') >= v_limit then
    perform coach.refuse(429, 'TOO_MANY_REQUESTS', case when v_anonymous
      then format('Without an account you can ask for %s plans a day. Sign up for more, or come back tomorrow.', v_limit)
      else format('You can ask for %s plans a day. Please come back tomorrow.', v_limit) end);
  end if;
end $$;
