-- The entries of a workout plan, in order.
select e.week_number, e.day::text as "day!", e.day_name, e.position as "position!", e.date::text as date, x.name as exercise, e.sets, e.reps, e.weight, e.time,
       e.equipment, e.notes, coalesce(e.is_adjusted, false) as "is_adjusted!", e.adjustment_reason
from public.workout_entries e join public.exercises x on x.id = e.exercise_id
where e.workout_plan_id = $1
order by e.week_number, e.day, e.position, e.id
limit 2000
