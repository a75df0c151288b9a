-- Duty of any worker: forgets tasks that ended longer ago than p_older_than, oldest first, with all that hangs on them, and
-- what was spent on the days before. Walks the ends among the events, since an index on the header's end would cost every
-- completion its heap-only update. Returns how many tasks it forgot; p_limit means that there may be more.
create or replace function durable.prune(
  p_older_than interval default '30 days', p_limit integer default 1000, p_now timestamptz default clock_timestamp())
returns integer language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_tasks uuid[];
begin
  select array_agg(t.id) into v_tasks from (
    select t.id from durable.task t
    where t.outcome is not null and t.ended_at < p_now - p_older_than and t.id = any (array(
      select e.task from durable.event e
      where e.type in ('succeeded', 'failed', 'cancelled') and e.at < p_now - p_older_than order by e.at limit p_limit))
      -- an ended child is kept while a parent may still ask for its output
      and not exists (select from durable.child c join durable.task p on p.id = c.parent
                      where c.child = t.id and p.outcome is null)
    for update of t skip locked) t;
  perform durable.forget(v_tasks);
  delete from durable.spend_total s where s.day < (p_now - p_older_than)::date and s.day > '-infinity';
  return coalesce(cardinality(v_tasks), 0);
end $$;
