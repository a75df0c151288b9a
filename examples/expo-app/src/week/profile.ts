/** What the app asks an athlete for a week, and what it sends of that. */

import type { ProfileSnapshot } from '@mesocycle/client';

export const GOALS = [
  ['MUSCLE_GAIN', 'Build muscle'],
  ['WEIGHT_LOSS', 'Lose weight'],
  ['ENDURANCE', 'Endurance'],
  ['GENERAL_FITNESS', 'Stay fit'],
  ['FLEXIBILITY_MOBILITY', 'Mobility'],
] as const;

export const LEVELS = [
  ['Beginner', 'Beginner'],
  ['Intermediate', 'Intermediate'],
  ['Professional', 'Advanced'],
] as const;

export const PLACES = [
  ['Gym', 'Gym'],
  ['Dumbbells', 'Dumbbells'],
  ['Bodyweight', 'No equipment'],
] as const;

export const TRAINING_DAYS = ([1, 2, 3, 4, 5, 6, 7] as const).map((days) => [days, String(days)] as const);

/** The answers, as the form holds them. */
export interface Answers {
  goal: (typeof GOALS)[number][0];
  trainingDays: number;
  level: (typeof LEVELS)[number][0];
  place: (typeof PLACES)[number][0];
  /** In the athlete's own words; empty for none. */
  injuries: string;
}

export const firstAnswers: Answers = {
  goal: 'MUSCLE_GAIN',
  trainingDays: 3,
  level: 'Beginner',
  place: 'Gym',
  injuries: '',
};

export function profileOf(answers: Answers): ProfileSnapshot {
  const injuries = answers.injuries.trim();
  return {
    goal: answers.goal,
    trainingDays: answers.trainingDays,
    trainingLevel: answers.level,
    equipment: [answers.place],
    ...(injuries && { injuries }),
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}
