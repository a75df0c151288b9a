-- Adds those of the given exercises that are not there, by slug and by name: objects with the columns' names, in a fixed
-- order of locking, so that two plans that bring the same ones do not wait for each other in a circle.
create or replace function coach.add_exercises(p_exercises jsonb)
returns void language sql set search_path = '' as $$
  insert into public.exercises (id, slug, name, icon_description, instructions, video_description, required_equipment,
    workout_location, rep_limitations_progression_rules, progression_by_client_feedback, pain_injury_protocol,
    special_rules_by_location, trainer_notes, reviewed, created_at)
  select gen_random_uuid(), g.slug, g.name, g.icon_description, g.instructions, g.video_description, g.required_equipment,
    g.workout_location, g.rep_limitations_progression_rules, g.progression_by_client_feedback, g.pain_injury_protocol,
    g.special_rules_by_location, g.trainer_notes, coalesce(g.reviewed, false), clock_timestamp()
  from jsonb_populate_recordset(null::public.exercises, p_exercises) g
  where not exists (select from public.exercises e where e.slug = g.slug or e.name = g.name)
  order by g.slug
  on conflict do nothing;
$$;
