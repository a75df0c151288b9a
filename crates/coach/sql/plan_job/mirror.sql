-- The engine's hook: writes on the job row what has just happened to its task, in that very transaction. Nothing else
-- writes status. The setting tells the row's own triggers that it is the engine who writes.
create or replace function coach.mirror_weekly_job(t durable.transition)
returns void language plpgsql set search_path = '' set coach.mirroring = 'on' as $$
declare
  v_job public.plan_generation_jobs;
  v_sentence text := case when t.error_code is not null then
    case when t.external and t.error_code not in ('WORKER_LOST', 'CLIENT_RESET', 'MAX_RETRIES_EXCEEDED', 'USER_CANCELLED')
      then coalesce(nullif(btrim(t.error_message), ''), coach.sentence(t.error_code))
      else coach.sentence(t.error_code, t.error_message) end end;
begin
  if t.from_state is null then
    return;                                    -- spawned by the insert of the row, which says pending already
  end if;
  select j.* into v_job from public.plan_generation_jobs j where j.id = t.task for update;
  if v_job.id is null then
    return;                                    -- deleted, perhaps with its user
  end if;
  if t.to_state = 'running' then
    update public.plan_generation_jobs j set status = 'processing', started_at = t.at, worker_id = t.worker_name,
      locked_until = case when t.external then t.lease_until else t.run_until end where j.id = t.task;
  elsif t.to_state in ('ready', 'waiting', 'parked') then
    update public.plan_generation_jobs j set status = 'pending', worker_id = null, locked_until = null,
      retry_count = t.retries, error_code = coalesce(t.error_code, j.error_code),
      error_message = coalesce(v_sentence, j.error_message) where j.id = t.task;
  elsif t.to_state = 'succeeded' then
    update public.plan_generation_jobs j set status = 'completed', locked_until = null, error_code = null, error_message = null,
      result_plan_id = coalesce(coach.uuid_or_null(t.output ->> 'plan_id'), j.result_plan_id), retry_count = t.retries,
      completed_at = t.at where j.id = t.task;
  else
    update public.plan_generation_jobs j set status = 'failed', locked_until = null, retry_count = t.retries,
      error_code = coalesce(t.error_code, j.error_code),
      error_message = case when v_job.status in ('completed', 'failed') then coalesce(j.error_message, v_sentence)
        else v_sentence end,
      completed_at = t.at where j.id = t.task;
  end if;
  if t.to_state in ('succeeded', 'failed') and v_job.status in ('pending', 'processing') then
    perform coach.announce_weekly_job(t);
  end if;
end $$;
