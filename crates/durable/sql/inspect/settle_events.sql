-- Looks which event ids are settled by now: below them nothing can come to light any more. Takes two looks after an id was
-- drawn, or more while somebody writes; returns the state with drawn, awaited and settled moved on.
create or replace function durable.settle_events(p durable.counted)
returns durable.counted language plpgsql set search_path = '' as $$
declare
  v_drawn bigint;
begin
  -- The sequence is read before the snapshot is taken, and what it said is used at the next look only.
  select case when s.is_called then s.last_value else 0 end into v_drawn from durable.event_id_seq s;
  if p.awaited is not null and pg_snapshot_xmin(pg_current_snapshot()) >= p.awaited_xmax then
    p.settled := p.awaited; p.awaited := null; p.awaited_xmax := null;
  end if;
  if p.awaited is null and p.drawn > p.settled then
    p.awaited := p.drawn; p.awaited_xmax := pg_snapshot_xmax(pg_current_snapshot());
  end if;
  p.drawn := v_drawn;
  return p;
end $$;
