-- Duty of any worker: moves the floors of the lanes up. Whoever draws a ticket holds a lock on ready from before the draw to
-- the end of its transaction. So when all who held one at the time of a ticket have ended, everything up to that ticket is
-- committed or gone, and the first row that is left, or the ticket itself, is the new floor. (An xmin would do the same, but
-- any long transaction that writes elsewhere would hold it down.) Looks once a second at most, however many workers there
-- are, since a look at all locks concerns all sessions. Returns how many floors rose.
create or replace function durable.raise_floor(p_now timestamptz default clock_timestamp())
returns integer language plpgsql set search_path = '' as $$
declare
  v_horizon durable.horizon;
  v_count integer;
begin
  select * into v_horizon from durable.horizon h
    where h.looked_at <= p_now - interval '1 second' for update skip locked;
  if not found then
    return 0;
  end if;
  perform from pg_locks l where l.relation = 'durable.ready'::regclass and l.virtualtransaction = any (v_horizon.writers)
    and l.database = (select d.oid from pg_database d where d.datname = current_database());
  if found then
    update durable.horizon set looked_at = p_now;
    return 0;
  end if;
  update durable.lane l set floor = f.floor
  from (select k.queue, k.lane, coalesce((select r.ticket from durable.ready r
          where r.queue = k.queue and r.lane = k.lane and r.ticket >= k.floor and r.ticket < v_horizon.ticket
          order by r.queue, r.lane, r.ticket limit 1), v_horizon.ticket) as floor
        from durable.lane k) f
  where l.queue = f.queue and l.lane = f.lane and l.floor < f.floor;
  get diagnostics v_count = row_count;
  -- First the ticket, then who may hold a smaller one.
  select s.last_value into v_horizon.ticket from durable.ticket s;
  v_horizon.writers := array(
    select distinct l.virtualtransaction from pg_locks l where l.relation = 'durable.ready'::regclass
      and l.mode = 'RowExclusiveLock' and l.pid <> pg_backend_pid()
      and l.database = (select d.oid from pg_database d where d.datname = current_database()));
  update durable.horizon set ticket = v_horizon.ticket, writers = v_horizon.writers, looked_at = p_now;
  return v_count;
end $$;
