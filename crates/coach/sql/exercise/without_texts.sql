-- The slugs of those of the given exercises, [{"slug", "name"}], that nobody has described in a language yet.
create or replace function coach.exercises_without_texts(p_exercises jsonb, p_language text)
returns text[] language sql stable set search_path = '' as $$
  select coalesce(array_agg(g.slug order by g.slug), '{}')
  from jsonb_to_recordset(p_exercises) g (slug text, name text)
  where not exists (select from public.exercise_texts t join public.exercises e on e.id = t.exercise_id
    where t.language = p_language and (e.slug = g.slug or e.name = g.name));
$$;
