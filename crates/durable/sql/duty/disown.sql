-- Duty of any worker: cancels live tasks whose parents have all ended without success. Their own children follow in the
-- next round. Returns how many orphans it looked at.
create or replace function durable.disown(p_limit integer default 500, p_now timestamptz default clock_timestamp())
returns integer language plpgsql set search_path = '' as $$
declare
  v_orphan uuid;
  v_count integer := 0;
begin
  for v_orphan in
    with taken as (
      delete from durable.orphan d where d.ctid = any (array(
        select c.ctid from durable.orphan c order by c.task limit p_limit for update skip locked)) returning d.task)
    select t.task from taken t order by t.task
  loop
    v_count := v_count + 1;
    perform from durable.child c join durable.task p on p.id = c.parent where c.child = v_orphan and p.outcome is null;
    if not found then
      perform durable.finish(v_orphan, 'cancelled', null, 'PARENT_ENDED', null, p_now, p_strict => false);
    end if;
  end loop;
  return v_count;
end $$;
