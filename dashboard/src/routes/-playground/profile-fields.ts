// The fields of a profile that shape a week most, as the contract has them; any other goes in as JSON.

interface Field {
  name: string;
  label: string;
  kind: 'number' | 'text' | 'list' | 'choice';
  options?: readonly string[];
  hint?: string;
  required?: boolean;
  range?: [number, number];
  /** Long texts have more room. */
  wide?: boolean;
}

export const FIELDS: readonly { title: string; fields: readonly Field[] }[] = [
  {
    title: 'Training',
    fields: [
      {
        name: 'goal',
        label: 'Goal',
        kind: 'choice',
        required: true,
        options: ['MUSCLE_GAIN', 'WEIGHT_LOSS', 'ENDURANCE', 'GENERAL_FITNESS', 'FLEXIBILITY_MOBILITY'],
      },
      { name: 'trainingDays', label: 'Training days', kind: 'number', required: true, range: [1, 7] },
      { name: 'trainingLevel', label: 'Level', kind: 'choice', options: ['Beginner', 'Intermediate', 'Professional'] },
      { name: 'sessionLength', label: 'Minutes a session', kind: 'number', range: [10, 240] },
      { name: 'equipment', label: 'Equipment', kind: 'list', hint: 'Gym, Dumbbells, Bodyweight …; none: bodyweight' },
      { name: 'preferredWorkoutSplit', label: 'Split', kind: 'text', hint: 'Upper/Lower, Full body …' },
      { name: 'avoidExercises', label: 'Exercises to avoid', kind: 'list', wide: true },
      { name: 'injuries', label: 'Injuries', kind: 'text', wide: true },
    ],
  },
  {
    title: 'Athlete',
    fields: [
      { name: 'age', label: 'Age', kind: 'number', range: [5, 120] },
      { name: 'sex', label: 'Sex', kind: 'choice', options: ['Female', 'Male'] },
      { name: 'height', label: 'Height (cm)', kind: 'number', range: [80, 260] },
      { name: 'weight', label: 'Weight (kg)', kind: 'number', range: [20, 400] },
      { name: 'goalWeight', label: 'Goal weight (kg)', kind: 'number', range: [20, 400] },
      {
        name: 'activityLevel',
        label: 'Activity',
        kind: 'choice',
        options: ['Sedentary', 'Lightly Active', 'Moderately Active', 'Very Active', 'Extra Active'],
      },
      { name: 'timezone', label: 'Time zone', kind: 'text', hint: 'Such as Europe/Berlin' },
    ],
  },
  {
    title: 'Food and sleep',
    fields: [
      { name: 'dietaryPrefs', label: 'Diet', kind: 'list', hint: 'Vegetarian, Eggitarian, Vegan, Non-veg …' },
      { name: 'dietaryNotes', label: 'Allergies and dislikes', kind: 'text', wide: true },
      { name: 'dailyCalorieTarget', label: 'Calories a day', kind: 'number', range: [500, 10_000] },
      { name: 'mealCount', label: 'Meals a day', kind: 'number', range: [1, 8] },
      { name: 'wakeTime', label: 'Gets up', kind: 'text', hint: 'Such as 06:30' },
      { name: 'sleepTime', label: 'Goes to bed', kind: 'text', hint: 'Such as 22:45' },
      { name: 'specialRequests', label: 'Special requests', kind: 'text', wide: true },
    ],
  },
];

export type { Field };

const ALL = FIELDS.flatMap((group) => group.fields);

export interface Draft {
  /** What stands in each field. */
  fields: Record<string, string>;
  /** The others, as JSON. */
  others: string;
}

/** A profile as the form shows it. */
export function draftOf(profile: Record<string, unknown>): Draft {
  const known = new Set(ALL.map((field) => field.name));
  const shown = ALL.filter(({ name }) => profile[name] !== undefined).map(({ name }): [string, string] => {
    const value = profile[name];
    return [name, Array.isArray(value) ? value.join(', ') : String(value)];
  });
  const others = Object.entries(profile).filter(([name]) => !known.has(name));
  return { fields: Object.fromEntries(shown), others: JSON.stringify(Object.fromEntries(others), null, 2) };
}

/** What the form says, as an app would send it. @throws SyntaxError where the others are no JSON object */
export function profileOf({ fields, others }: Draft): Record<string, unknown> {
  const profile: Record<string, unknown> = others.trim() === '' ? {} : objectOf(others);
  for (const { name, kind } of ALL) {
    const said = fields[name]?.trim() ?? '';
    if (said !== '') profile[name] = kind === 'number' ? Number(said) : kind === 'list' ? listOf(said) : said;
  }
  return profile;
}

function objectOf(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('Not an object.');
  return { ...value };
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
