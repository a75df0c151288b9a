-- Exercises by name, those whose name begins after $1.
select x.id, x.slug, x.name, x.required_equipment, x.workout_location, x.reviewed as "reviewed!"
from public.exercises x
where $1::text is null or x.name > $1
order by x.name
limit $2
