-- Adds an exercise's texts in another language, objects with the columns' names, as not reviewed. What is there stays. p_exercise
-- is the exercise's own row, which is added where it is missing.
create or replace function coach.add_exercise_texts(p_exercise jsonb, p_language text, p_texts jsonb)
returns void language plpgsql set search_path = '' as $$
begin
  perform coach.add_exercises(jsonb_build_array(p_exercise));
  insert into public.exercise_texts (exercise_id, language, name, icon_description, instructions, video_description,
    required_equipment, workout_location, rep_limitations_progression_rules, progression_by_client_feedback, pain_injury_protocol,
    special_rules_by_location, trainer_notes, reviewed, created_at)
  select e.id, p_language, g.name, g.icon_description, g.instructions, g.video_description,
    g.required_equipment, g.workout_location, g.rep_limitations_progression_rules, g.progression_by_client_feedback,
    g.pain_injury_protocol, g.special_rules_by_location, g.trainer_notes, false, clock_timestamp()
  from jsonb_populate_record(null::public.exercise_texts, p_texts) g
  join lateral (select x.id from public.exercises x where x.slug = p_exercise ->> 'slug' or x.name = p_exercise ->> 'name'
    order by x.slug is not distinct from p_exercise ->> 'slug' desc, x.created_at limit 1) e on true
  on conflict do nothing;
end $$;
