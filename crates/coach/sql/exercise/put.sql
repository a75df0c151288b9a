-- Brings our own catalogue into exercises: what is missing is added, texts that are missing are filled in. What is there
-- stays as it is, since it may be the operator's own.
create or replace function coach.put_exercises(p_exercises jsonb)
returns void language plpgsql set search_path = '' as $$
begin
  perform coach.add_exercises(p_exercises);
  update public.exercises e set
    icon_description = coalesce(e.icon_description, g.icon_description),
    instructions = coalesce(e.instructions, g.instructions),
    video_description = coalesce(e.video_description, g.video_description),
    required_equipment = coalesce(e.required_equipment, g.required_equipment),
    workout_location = coalesce(e.workout_location, g.workout_location),
    rep_limitations_progression_rules = coalesce(e.rep_limitations_progression_rules, g.rep_limitations_progression_rules),
    progression_by_client_feedback = coalesce(e.progression_by_client_feedback, g.progression_by_client_feedback),
    pain_injury_protocol = coalesce(e.pain_injury_protocol, g.pain_injury_protocol),
    special_rules_by_location = coalesce(e.special_rules_by_location, g.special_rules_by_location),
    trainer_notes = coalesce(e.trainer_notes, g.trainer_notes)
  from jsonb_populate_recordset(null::public.exercises, p_exercises) g
  where e.slug = g.slug and num_nulls(e.icon_description, e.instructions, e.video_description, e.required_equipment,
      e.workout_location, e.rep_limitations_progression_rules, e.progression_by_client_feedback, e.pain_injury_protocol,
      e.special_rules_by_location, e.trainer_notes)
    > num_nulls(coalesce(e.icon_description, g.icon_description), coalesce(e.instructions, g.instructions),
      coalesce(e.video_description, g.video_description), coalesce(e.required_equipment, g.required_equipment),
      coalesce(e.workout_location, g.workout_location),
      coalesce(e.rep_limitations_progression_rules, g.rep_limitations_progression_rules),
      coalesce(e.progression_by_client_feedback, g.progression_by_client_feedback),
      coalesce(e.pain_injury_protocol, g.pain_injury_protocol),
      coalesce(e.special_rules_by_location, g.special_rules_by_location), coalesce(e.trainer_notes, g.trainer_notes));
end $$;
