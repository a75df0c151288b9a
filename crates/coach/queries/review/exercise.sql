-- One exercise with all of its texts: the operator's language in its own columns, the others in `translations`.
select to_jsonb(x) || jsonb_build_object('translations', coalesce(
         (select jsonb_agg(to_jsonb(t) - 'exercise_id' order by t.language) from public.exercise_texts t where t.exercise_id = x.id),
         '[]')) as "exercise!"
from public.exercises x where x.id = $1
