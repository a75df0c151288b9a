-- Moves the exercise counts of the requests that waited for a task that has just ended: what still lives is not completed.
create or replace function coach.count_profile(p_task uuid)
returns void language sql set search_path = '' as $$
  with waiting as (
    select r.id, (select count(*)::integer from durable.child o where o.parent = r.id and not o.done) as live
    from public.workout_plan_requests r
    where r.status = 'processing' and r.id in (select c.parent from durable.child c where c.child = p_task)
    order by r.id for update of r)
  update public.workout_plan_requests r set exercises_completed = greatest(r.exercises_completed, r.exercises_total - w.live)
  from waiting w where r.id = w.id;
$$;
