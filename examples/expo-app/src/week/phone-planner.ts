/**
 * The app's own planner, which stands for whatever an app that plans on the phone has: fast, offline, and knowing its limits.
 * What it cannot do it says, and the server is asked instead.
 */

import type { Day, WeekDays } from '@mesocycle/client';
import type { Answers } from './profile.ts';
import { WEEKDAYS, type Weekday } from './weekday.ts';

/** A week, or a sentence on why the phone leaves it to the server. */
export type PhonePlan = { days: WeekDays; refusal?: never } | { days?: never; refusal: string };

const EXERCISES: Record<Answers['place'], [string, string][]> = {
  Gym: [
    ['Leg Press', '8-12'],
    ['Chest Press Machine', '8-12'],
    ['Seated Cable Row', '8-12'],
    ['Lying Leg Curl', '10-15'],
  ],
  Dumbbells: [
    ['Goblet Squat', '8-12'],
    ['Dumbbell Floor Press', '8-12'],
    ['One-Arm Dumbbell Row', '8-12'],
    ['Dumbbell Romanian Deadlift', '10-15'],
  ],
  Bodyweight: [
    ['Squat', '12-20'],
    ['Push-Up', '8-15'],
    ['Glute Bridge', '12-20'],
    ['Plank', '30 s'],
  ],
};

/** Which days are for training: at most three, since every one of them trains the whole body. */
const TRAINING_DAYS: Record<number, Weekday[]> = {
  1: ['wednesday'],
  2: ['monday', 'thursday'],
  3: ['monday', 'wednesday', 'friday'],
};

export function planOnPhone(answers: Answers): PhonePlan {
  if (answers.injuries.trim()) {
    return { refusal: 'The planner on this phone cannot plan around injuries.' };
  }
  if (answers.goal !== 'MUSCLE_GAIN' && answers.goal !== 'GENERAL_FITNESS') {
    return { refusal: 'The planner on this phone knows strength training only.' };
  }
  const training = TRAINING_DAYS[answers.trainingDays];
  if (!training) {
    return { refusal: 'The planner on this phone knows up to three training days a week.' };
  }
  const sets = answers.level === 'Beginner' ? 2 : 3;
  const days = WEEKDAYS.map((weekday) => [weekday, dayOf(training.includes(weekday), EXERCISES[answers.place], sets)]);
  return { days: Object.fromEntries(days) as WeekDays };
}

function dayOf(isTraining: boolean, exercises: [string, string][], sets: number): Day {
  return {
    workout: isTraining
      ? {
          focus: ['Full body'],
          blocks: [{ name: 'Main', items: exercises.map(([exercise, reps]) => ({ exercise, sets, reps, RIR: 2 })) }],
          notes: 'Leave two repetitions in reserve. Add a little weight when every set reaches the upper number.',
        }
      : { focus: ['Rest'], blocks: [], notes: 'A walk does good.' },
    nutrition: {
      total_kcal: 2200,
      protein_g: 120,
      meals_per_day: 3,
      meals: [
        { name: 'Breakfast', items: [{ food: 'Oats with fruit', qty: '1 bowl' }] },
        { name: 'Lunch', items: [{ food: 'Rice, beans and vegetables', qty: '1 plate' }] },
        { name: 'Dinner', items: [{ food: 'Potatoes, tofu and salad', qty: '1 plate' }] },
      ],
      hydration_l: 2.5,
    },
    recovery: {
      mobility: ['Hips and shoulders, five minutes'],
      sleep: ['Seven hours or more'],
      supplements: [],
      supplementCard: { current: [], addOns: [] },
    },
    reason: 'A plain template, made on this phone.',
  };
}
