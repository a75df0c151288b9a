-- After an update of status by hand (not by the engine's hook): the task follows the row to its end. A job is started,
-- given back and started again only through the functions, so that it is never done twice.
create or replace function coach.follow_weekly_job_update()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if coalesce(current_setting('coach.mirroring', true), '') = 'on' then
    return null;
  end if;
  if new.status not in ('pending', 'processing') then
    if old.status in ('pending', 'processing') then
      perform durable.finish(new.id, case new.status::text when 'completed' then 'succeeded' else 'failed' end,
        case when new.status = 'completed' then jsonb_build_object('plan_id', new.result_plan_id) end,
        new.error_code, new.error_message);
    end if;
    return null;
  end if;
  raise exception using errcode = 'PT409', detail = 'INVALID_STATE',
    message = format('A plan job cannot be set from %s to %s by hand.', old.status, new.status),
    hint = 'Use claim_next_plan_job, fail_plan_job or reset_stuck_plan_job; for an ended job make a new one.';
end $$;
