-- The outside worker that holds a job now, if it is the named one (null: whichever), its lease locked against the reaper.
-- No row when the lock is lost or one of our own runs the job.
create or replace function coach.outside_holder(p_job uuid, p_worker_id text)
returns table (worker bigint, token bigint) language plpgsql set search_path = '' as $$
begin
  perform from durable.worker w where w.id = (select h.worker from durable.holder(p_job) h) for update;
  return query select h.worker, h.token from durable.holder(p_job) h
    where h.external and (p_worker_id is null or h.worker_name = p_worker_id);
end $$;
