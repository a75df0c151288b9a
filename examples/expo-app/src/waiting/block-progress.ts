/** How far a workout plan is, by what the server reports: steps, and in a step the exercises. */

import type { WorkoutPlanRequest } from '@mesocycle/client';

type Progress = Pick<
  WorkoutPlanRequest,
  'current_step' | 'total_steps' | 'exercises_completed' | 'exercises_total' | 'status'
>;

/** 0 to 1: the steps before this one, and what of this one's exercises is done. */
export function fractionOf(request: Progress): number {
  if (request.status === 'completed') {
    return 1;
  }
  const within = request.exercises_total > 0 ? request.exercises_completed / request.exercises_total : 0;
  const done = Math.max(request.current_step - 1, 0) + Math.min(within, 1);
  return Math.min(done / Math.max(request.total_steps, 1), 0.99);
}
