-- Gives the oldest due job to an outside worker, or one whose lease ran out; null when there is none. Each claim is a worker
-- of its own to the engine, alive as long as its lease, so p_worker_id must be new for each. The lease is the lock.
create or replace function public.claim_next_plan_job(p_worker_id text, p_lock_duration_seconds integer default 600)
returns uuid language plpgsql security definer set search_path = '' as $$
declare
  v_worker bigint;
  v_job uuid;
begin
  if coalesce(btrim(p_worker_id), '') = '' or char_length(p_worker_id) > 255 then
    perform coach.refuse(400, 'INVALID_REQUEST', 'p_worker_id must have 1 to 255 characters.');
  end if;
  if p_lock_duration_seconds is null or p_lock_duration_seconds < 1 then
    perform coach.refuse(400, 'INVALID_REQUEST', 'p_lock_duration_seconds must be 1 to 3600.');
  end if;
  perform durable.reap();
  perform durable.promote();
  begin
    v_worker := durable.start_worker(p_worker_id, array['weekly_plan'], true,
      make_interval(secs => least(p_lock_duration_seconds, 3600)));
    select c.task into v_job from durable.claim(v_worker, 'weekly_plan', 1) c;
    if v_job is null then
      perform durable.stop_worker(v_worker);
    end if;
  exception when unique_violation then
    perform coach.refuse(409, 'WORKER_ID_IN_USE', 'This p_worker_id holds a job already: use a new one for each claim.');
  end;
  return v_job;
end $$;

revoke all on function public.claim_next_plan_job(text, integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_next_plan_job(text, integer) to service_role;
