-- Fires one athlete's schedule if it is due, and sets when it fires next, whatever happens: a plan job of the newest profile
-- that the athlete asked with, by create_plan_job and so under its limits; else why there is none is noted. False when
-- another transaction has this user in hand. The user's lock comes before the row's: whoever deletes a user holds the account first.
create or replace function coach.fire_plan_schedule(p_user uuid, p_now timestamptz)
returns boolean language plpgsql set search_path = '' as $$
declare
  v_schedule public.plan_schedules;
  v_profile jsonb;
  v_answer jsonb;
  v_because text;
  v_next timestamptz;
begin
  if not coach.try_lock_user(p_user, 'weekly_plan') then
    return false;
  end if;
  select s.* into v_schedule from public.plan_schedules s where s.user_id = p_user and s.enabled and s.next_at <= p_now;
  if not found then
    return true;
  end if;
  begin
    v_profile := coach.newest_profile(p_user);
    if coach.earliest_plan_at(p_user, v_schedule.time_zone) > p_now then
      v_because := 'TOO_SOON';
    elsif v_profile is null then
      v_because := 'NO_PROFILE';
    else
      v_answer := public.create_plan_job(v_profile, jsonb_build_object('userId', p_user));
      v_because := case when v_answer ->> 'jobId' is null then upper(v_answer ->> 'status') end;
    end if;
  exception when others then
    get stacked diagnostics v_because = pg_exception_detail;
    if sqlstate !~ '^PT' then
      v_because := 'UNKNOWN';
      raise warning 'an athlete''s schedule could not be fired: SQLSTATE %', sqlstate;
    end if;
  end;
  update public.plan_schedules s set
      last_at = case when v_because is null then p_now else s.last_at end,
      last_job_id = case when v_because is null then (v_answer ->> 'jobId')::uuid else s.last_job_id end,
      skipped_at = case when v_because is null then s.skipped_at else s.next_at end,
      skipped_because = coalesce(v_because, s.skipped_because)
    where s.user_id = p_user;
  begin
    v_next := coach.next_plan_at(p_user, v_schedule.cron, v_schedule.time_zone, p_now);
  exception when others then
    v_next := p_now + interval '1 day';        -- such as a time zone that the database has forgotten: looked at again, not at once
  end;
  update public.plan_schedules s set next_at = v_next, enabled = v_next is not null where s.user_id = p_user;
  return true;
end $$;
