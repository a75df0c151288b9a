/** Asks the server for a week, and says where to go or what went wrong. */

import { type CreatePlanJobResult, createAndTriggerServerPlanJob } from '@mesocycle/client';
import { router } from 'expo-router';
import { type Answers, profileOf } from './profile';

/** Goes to the waiting screen, or to the plan that is there already. Returns a sentence where neither is possible. */
export async function askServerForWeek(answers: Answers): Promise<string | undefined> {
  const result: CreatePlanJobResult = await createAndTriggerServerPlanJob(profileOf(answers));
  const jobId = result.jobId ?? result.existingJobId;
  if (result.status === 'plan_exists' && result.existingPlanId) {
    router.replace({ pathname: '/plan-preview', params: { planId: result.existingPlanId } });
  } else if (jobId) {
    router.replace({ pathname: '/waiting/week', params: { jobId } });
  } else {
    return result.error ?? 'The server could not be asked. Please try again.';
  }
  return undefined;
}
