-- Claims up to p_limit tasks of a queue for a worker, oldest ticket of the first lane first. Raises DW001 when the worker
-- was reaped.
create or replace function durable.claim(
  p_worker bigint, p_queue text, p_limit integer default 1, p_now timestamptz default clock_timestamp())
returns table (task uuid, token bigint, kind text, input jsonb, retries integer, losses integer, max_retries integer,
               started_at timestamptz, run_until timestamptz)
language plpgsql set search_path = '' as $$
declare
  v_worker durable.worker;
  v_lane durable.lane;
  r record;
begin
  -- The lock keeps the reaper from deleting the worker between this look and the insert of its runs.
  select * into v_worker from durable.worker w where w.id = p_worker for key share;
  if not found then
    raise exception using errcode = 'DW001', message = 'this worker was given up as lost; start again under a new name';
  end if;
  perform from durable.queue q where q.name = p_queue and q.paused_at is not null;
  if found then
    return;
  end if;
  for v_lane in select * from durable.lane l where l.queue = p_queue order by l.lane loop
    for r in select * from durable.claim_lane(v_lane, v_worker, p_limit, p_now) loop
      p_limit := p_limit - 1;
      if r.hooked and not durable.tell(row(r.task, r.kind, r.input, 'ready', 'running', r.retries, r.losses, r.token,
          v_worker.name, v_worker.external, v_worker.lease_until, r.run_until, null, null, null, p_now)::durable.transition) then
        continue;
      end if;
      task := r.task; token := r.token; kind := r.kind; input := r.input; retries := r.retries; losses := r.losses;
      max_retries := r.max_retries; started_at := p_now; run_until := r.run_until;
      return next;
    end loop;
    exit when p_limit <= 0;
  end loop;
end $$;
