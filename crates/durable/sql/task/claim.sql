-- Claims up to p_limit tasks of a queue for a worker, oldest ticket of the first lane first. Raises DW001 when the worker
-- was reaped. The array makes the inner select an InitPlan, so that it runs once whatever plan is chosen; the settings
-- keep the planner from meeting a batch with a join over the whole table.
create or replace function durable.claim(
  p_worker bigint, p_queue text, p_limit integer default 1, p_now timestamptz default clock_timestamp())
returns table (task uuid, token bigint, kind text, input jsonb, retries integer, losses integer,
               started_at timestamptz, run_until timestamptz)
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_worker durable.worker;
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
  for r in
    with taken as (
      delete from durable.ready d where d.ctid = any (array(
        select c.ctid from durable.ready c where c.queue = p_queue
        order by c.queue, c.lane, c.ticket limit p_limit for update skip locked))
      returning d.lane, d.ticket, d.task, d.retries, d.losses, d.slots),
    header as (
      select t.lane, t.ticket, t.task, t.retries, t.losses, t.slots, h.kind, h.input, k.on_transition is not null as hooked,
             case when v_worker.external then null else p_now + k.run_limit end as run_until
      from taken t join durable.task h on h.id = t.task join durable.kind k on k.name = h.kind),
    begun as (
      insert into durable.run (task, token, worker, retries, losses, started_at, run_until, slots)
      select h.task, h.ticket, p_worker, h.retries, h.losses, p_now, h.run_until, h.slots from header h)
    select h.* from header h order by h.lane, h.ticket
  loop
    if r.hooked and not durable.tell(row(r.task, r.kind, r.input, 'ready', 'running', r.retries, r.losses, r.ticket,
        v_worker.name, v_worker.external, v_worker.lease_until, r.run_until, null, null, null, p_now)::durable.transition) then
      continue;
    end if;
    task := r.task; token := r.ticket; kind := r.kind; input := r.input; retries := r.retries; losses := r.losses;
    started_at := p_now; run_until := r.run_until;
    return next;
  end loop;
end $$;
