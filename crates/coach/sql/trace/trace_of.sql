-- The trace that a task belongs to: the id of the job at the beginning.
create or replace function coach.trace_of(p_task uuid)
returns uuid language sql stable set search_path = '' as $$
  with recursive way (task, length) as (
    select p_task, 0
    union all
    select coach.origin_of(w.task), w.length + 1 from way w where w.length < 20 and coach.origin_of(w.task) is not null)
  select w.task from way w order by w.length desc limit 1;
$$;
