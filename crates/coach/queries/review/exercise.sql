-- One exercise with all of its texts.
select to_jsonb(x) as "exercise!" from public.exercises x where x.id = $1
