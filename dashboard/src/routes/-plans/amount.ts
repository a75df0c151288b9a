import type { WorkoutEntry } from '../../api/plans';

/** How much of an exercise: `3 × 6-10`, `2 × 30 s`. */
export function amount(entry: Pick<WorkoutEntry, 'sets' | 'reps' | 'time'>): string {
  const each = [entry.reps, entry.time].filter(Boolean).join(', ');
  return [entry.sets, each].filter((part) => part !== null && part !== '').join(' × ') || '–';
}
