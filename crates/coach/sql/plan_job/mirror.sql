-- The engine's hook: writes on the job row what has just happened to its task, in that very transaction. Nothing else
-- writes status. coach.mirroring tells the row's own triggers that it is the engine who writes.
create or replace function coach.mirror_weekly_job(t durable.transition)
returns void language plpgsql set search_path = '' as $$
declare
  v_active boolean;
  v_sentence text := coach.sentence_of(t);
begin
  if t.from_state is null then
    return;                                    -- spawned by the insert of the row, which says pending already
  end if;
  select j.status in ('pending', 'processing') into v_active
    from public.plan_generation_jobs j where j.id = t.task for update;
  if not found then
    return;                                    -- deleted, perhaps with its user
  end if;
  perform set_config('coach.mirroring', 'on', true);
  if t.to_state = 'running' then
    update public.plan_generation_jobs j set status = 'processing', started_at = t.at, worker_id = t.worker_name,
      locked_until = case when t.external then t.lease_until else t.run_until end where j.id = t.task;
  elsif t.to_state in ('ready', 'waiting', 'parked') then
    update public.plan_generation_jobs j set status = 'pending', worker_id = null, locked_until = null,
      retry_count = t.retries, error_code = coalesce(t.error_code, j.error_code),
      error_message = coalesce(v_sentence, j.error_message) where j.id = t.task;
  elsif not v_active then                      -- whoever ended it by hand said how; only what is missing is added
    update public.plan_generation_jobs j set locked_until = null, completed_at = coalesce(j.completed_at, t.at),
      error_message = coalesce(j.error_message, v_sentence) where j.id = t.task;
  elsif t.to_state = 'succeeded' then
    update public.plan_generation_jobs j set status = 'completed', locked_until = null, error_code = null, error_message = null,
      result_plan_id = coach.uuid_or_null(t.output ->> 'plan_id'), completed_at = t.at where j.id = t.task;
  else
    update public.plan_generation_jobs j set status = 'failed', locked_until = null, retry_count = t.retries,
      error_code = t.error_code, error_message = v_sentence, completed_at = t.at where j.id = t.task;
  end if;
  perform set_config('coach.mirroring', '', true);
  if t.to_state in ('succeeded', 'failed') and v_active then
    perform coach.announce_weekly_job(t);
  end if;
end $$;
