/** Where a notification leads: by its `data`, which is the same in the push and in the app's list. */

/** A screen of this app and its parameters. */
export type Target =
  | { pathname: '/plan-preview'; params: { planId: string } }
  | { pathname: '/workout-plan'; params: { workoutPlanId: string } };

/** The screen, or null where the notification only tells. What comes from outside is looked at, not trusted. */
export function targetOf(data: unknown): Target | null {
  const { screen, planId, type, workoutPlanId } = (data ?? {}) as Record<string, unknown>;
  if (screen === '/plan-preview' && typeof planId === 'string') {
    return { pathname: '/plan-preview', params: { planId } };
  }
  if (type === 'workout_plan_ready' && typeof workoutPlanId === 'string') {
    return { pathname: '/workout-plan', params: { workoutPlanId } };
  }
  return null;
}
