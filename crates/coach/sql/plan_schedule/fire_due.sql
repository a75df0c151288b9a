-- Duty of any worker: fires the athletes' schedules that are due, the longest due first. Each is fired once, by whoever has
-- its user's lock, to the end of this transaction. Returns how many were seen to; p_limit means that there may be more.
create or replace function coach.fire_plan_schedules(p_limit integer default 50, p_now timestamptz default clock_timestamp())
returns integer language plpgsql set search_path = '' as $$
declare
  v_user uuid;
  v_count integer := 0;
begin
  for v_user in
    select s.user_id from public.plan_schedules s where s.enabled and s.next_at <= p_now order by s.next_at limit p_limit
  loop
    v_count := v_count + coach.fire_plan_schedule(v_user, p_now)::integer;
  end loop;
  return v_count;
end $$;
