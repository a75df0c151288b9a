-- Raises 429 when the caller has had today's plans of a flow; p_had counts them since coach.start_of_day(), those that were
-- cancelled or failed too.
create or replace function coach.check_daily_limit(p_had bigint)
returns void language plpgsql set search_path = '' as $$
declare
  v_anonymous boolean := not coach.is_service() and coalesce(auth.jwt() ->> 'is_anonymous', '') = 'true';
  v_limit integer := coach.setting(case when v_anonymous then 'anonymous_jobs_per_day' else 'jobs_per_day' end)::integer;
begin
  if p_had >= v_limit then
    perform coach.refuse(429, 'TOO_MANY_REQUESTS', case when v_anonymous
      then format('Without an account you can ask for %s plans a day. Sign up for more, or come back tomorrow.', v_limit)
      else format('You can ask for %s plans a day. Please come back tomorrow.', v_limit) end);
  end if;
end $$;
