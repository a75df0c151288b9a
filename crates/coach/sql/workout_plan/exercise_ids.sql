-- The ids of the exercises that a plan's entries name by slug, as {slug: id}. An exercise that is here under another slug is
-- found by its name. Raises 22023 with the slugs that nobody knows.
create or replace function coach.exercise_ids(p_plan jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_ids jsonb;
begin
  select jsonb_object_agg(n.slug, x.id) into v_ids
  from (select e ->> 'exercise' as slug from jsonb_array_elements(p_plan -> 'entries') e
        union select e ->> 'streak_exercise' from jsonb_array_elements(p_plan -> 'entries') e) n
  left join (select g ->> 'slug' as slug, g ->> 'name' as name from jsonb_array_elements(p_plan -> 'exercises') g) g on g.slug = n.slug
  left join lateral (select e.id from public.exercises e where e.slug = n.slug or e.name = g.name
    order by e.slug is not distinct from n.slug desc, e.created_at limit 1) x on true
  where n.slug is not null;
  if exists (select from jsonb_each(v_ids) i where i.value = 'null') then
    raise exception using errcode = '22023', message = 'the plan names exercises that are not in it and not known: '
      || (select string_agg(i.key, ', ' order by i.key) from jsonb_each(v_ids) i where i.value = 'null');
  end if;
  return v_ids;
end $$;
