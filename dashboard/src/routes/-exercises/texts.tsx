// The texts of an exercise in one language.

import type { ExerciseTexts } from '../../api/plans';
import './texts.css';

const NAMES: [keyof ExerciseTexts, string][] = [
  ['name', 'Name'],
  ['instructions', 'Instructions'],
  ['required_equipment', 'Needs'],
  ['workout_location', 'Where'],
  ['special_rules_by_location', 'By place'],
  ['rep_limitations_progression_rules', 'Repetitions and progression'],
  ['progression_by_client_feedback', 'After feedback'],
  ['pain_injury_protocol', 'Pain and injury'],
  ['trainer_notes', 'Trainer’s notes'],
  ['icon_description', 'Icon shows'],
  ['video_description', 'Video shows'],
];

export function Texts({ texts, language }: { texts: ExerciseTexts; language: string | undefined }) {
  return (
    <dl className="texts" lang={language}>
      {NAMES.map(([field, name]) => (
        <div key={field}>
          <dt lang="en">{name}</dt>
          <dd>{texts[field] || <span className="quiet">nothing</span>}</dd>
        </div>
      ))}
    </dl>
  );
}
