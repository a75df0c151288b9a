-- Sets the caller's schedule: a new weekly plan at every fire time of a cron pattern in a time zone, plans at least
-- min_days_between days apart. What the HTTP function schedule-regeneration does, with the same answer. Raises 400 for a
-- pattern or a zone that is none, 409 when there is no profile to make plans of.
create or replace function public.schedule_regeneration(
  p_cron text, p_time_zone text, p_enabled boolean default true, p_user_id uuid default null)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  v_user uuid := coach.user_of(p_user_id::text);
  v_zone text := coach.known_zone(p_time_zone);
  v_enabled boolean := coalesce(p_enabled, true);
  v_next timestamptz;
begin
  if v_zone is null or char_length(v_zone) > 100 then
    perform coach.refuse(400, 'INVALID_REQUEST', 'timeZone must be an IANA name such as "Europe/Berlin".');
  elsif p_cron is null or char_length(p_cron) > 200 or coach.next_fire(p_cron, v_zone, clock_timestamp()) is null then
    perform coach.refuse(400, 'INVALID_REQUEST', 'cron must be five fields that name a time to come: minute, hour, day of month, '
      'month, day of week, such as "0 18 * * SUN" for every Sunday at 18:00.');
  end if;
  perform coach.lock_user(v_user, 'weekly_plan');
  if v_enabled and coach.newest_profile(v_user) is null then
    perform coach.refuse(409, 'NO_PROFILE', 'There is no profile yet to make plans of. Ask for a first plan, then set the schedule.');
  end if;
  v_next := case when v_enabled then coach.next_plan_at(v_user, p_cron, v_zone, clock_timestamp()) end;
  insert into public.plan_schedules as s (user_id, cron, time_zone, enabled, next_at) values (v_user, p_cron, v_zone, v_enabled, v_next)
  on conflict (user_id) do update set cron = excluded.cron, time_zone = excluded.time_zone, enabled = excluded.enabled,
    next_at = excluded.next_at, updated_at = clock_timestamp();
  return jsonb_build_object('success', true, 'status', case when v_enabled then 'scheduled' else 'off' end, 'next_at', v_next);
end $$;

revoke all on function public.schedule_regeneration(text, text, boolean, uuid) from public, anon, authenticated, service_role;
grant execute on function public.schedule_regeneration(text, text, boolean, uuid) to authenticated, service_role;
