-- Moves up to p_limit tasks of one lane from ready to run, from the lane's floor on. The array makes the inner select an
-- InitPlan, so that it runs once whatever plan is chosen; the settings keep the planner from meeting a batch with a join
-- over the whole table.
create or replace function durable.claim_lane(
  p_lane durable.lane, p_worker durable.worker, p_limit integer, p_now timestamptz)
returns table (task uuid, token bigint, kind text, input jsonb, retries integer, losses integer, max_retries integer,
               run_until timestamptz, hooked boolean)
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return query
    with taken as (
      delete from durable.ready d where d.ctid = any (array(
        select c.ctid from durable.ready c where c.queue = p_lane.queue and c.lane = p_lane.lane and c.ticket >= p_lane.floor
        order by c.queue, c.lane, c.ticket limit p_limit for update skip locked))
      returning d.ticket, d.task, d.retries, d.losses, d.slots),
    header as (
      select t.ticket, t.task, t.retries, t.losses, t.slots, h.kind, h.input, h.max_retries, k.on_transition is not null as hooked,
             case when p_worker.external then null else p_now + k.run_limit end as run_until
      from taken t join durable.task h on h.id = t.task join durable.kind k on k.name = h.kind),
    begun as (
      insert into durable.run (task, token, worker, retries, losses, started_at, run_until, slots)
      select h.task, h.ticket, p_worker.id, h.retries, h.losses, p_now, h.run_until, h.slots from header h)
    select h.task, h.ticket, h.kind, h.input, h.retries, h.losses, h.max_retries, h.run_until, h.hooked
    from header h order by h.ticket;
end $$;
