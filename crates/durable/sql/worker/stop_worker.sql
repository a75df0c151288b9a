-- Takes a worker out; what it still held goes back to ready without a charge.
create or replace function durable.stop_worker(p_worker bigint, p_now timestamptz default clock_timestamp())
returns void language plpgsql set search_path = '' as $$
begin
  perform from durable.worker where id = p_worker for update;
  perform durable.release(r.task, r.token, p_now) from durable.run r where r.worker = p_worker order by r.token;
  delete from durable.worker where id = p_worker;
end $$;
