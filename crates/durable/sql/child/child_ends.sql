-- The children of a step in their order, and how each ended; outcome is null for one that is live.
create or replace function durable.child_ends(p_parent uuid, p_step text)
returns table (task uuid, outcome text, output jsonb, error_code text, tolerated boolean)
language sql stable set search_path = '' as $$
  select c.child, t.outcome, t.output, t.error_code, c.tolerated
  from durable.child c left join durable.task t on t.id = c.child
  where c.parent = p_parent and c.step = p_step order by c.position;
$$;
