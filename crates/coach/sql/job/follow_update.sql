-- After an update of status by hand (not by the engine's hook): the task of the same id follows the row to its end. Work
-- is started, given back and started again only through the functions, so that it is never done twice. The trigger's
-- argument names the column that holds the finished plan.
create or replace function coach.follow_update()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if coalesce(current_setting('coach.mirroring', true), '') = 'on' then
    return null;
  end if;
  if new.status not in ('pending', 'processing') then
    if old.status in ('pending', 'processing') then
      perform durable.finish(new.id, case new.status::text when 'completed' then 'succeeded' else 'failed' end,
        case when new.status = 'completed' then jsonb_build_object('plan_id', to_jsonb(new) ->> tg_argv[0]) end,
        new.error_code, new.error_message);
    end if;
    return null;
  end if;
  raise exception using errcode = 'PT409', detail = 'INVALID_STATE',
    message = format('The status of %s cannot be set from %s to %s by hand.', tg_table_name, old.status, new.status),
    hint = 'Use the functions that move it (claim_next_plan_job, fail_plan_job, reset_stuck_plan_job); what has ended is asked for anew.';
end $$;
