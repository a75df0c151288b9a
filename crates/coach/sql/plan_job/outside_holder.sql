-- The outside worker that holds a job now, if it is the named one (null: whichever), its lease locked against the reaper.
-- No row when the lock is lost or one of our own runs the job. The engine locks worker, run and job row in this order.
create or replace function coach.outside_holder(p_job uuid, p_worker_id text)
returns table (worker bigint, token bigint) language plpgsql set search_path = '' as $$
declare
  v_holder record;
  v_locked bigint;
begin
  loop
    select h.* into v_holder from durable.holder(p_job) h
      where h.external and (p_worker_id is null or h.worker_name = p_worker_id);
    if not found then
      return;
    elsif v_holder.worker = v_locked then
      exit;
    end if;
    -- While this waited the job may have passed on to another worker: look again.
    perform from durable.worker w where w.id = v_holder.worker for update;
    v_locked := v_holder.worker;
  end loop;
  worker := v_holder.worker;
  token := v_holder.token;
  return next;
end $$;
