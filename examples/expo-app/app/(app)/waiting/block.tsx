/** Waits for a workout plan. `requestId` is the request. The start screen finds the one that is running. */

import { useWorkoutPlanGeneration } from '@mesocycle/client/react';
import type { WorkoutPlanRequest } from '@mesocycle/client';
import { Redirect, useLocalSearchParams } from 'expo-router';
import { fractionOf } from '../../../src/waiting/block-progress';
import { useElapsed } from '../../../src/waiting/use-elapsed';
import { useEstimate } from '../../../src/waiting/use-estimate';
import { NoPlanView, WaitingView } from '../../../src/waiting/waiting-view';

export default function WaitingForBlock() {
  const { requestId } = useLocalSearchParams<{ requestId?: string }>();
  const { status, request, workoutPlanId, error, code, cancel } = useWorkoutPlanGeneration({
    requestId,
    resume: false,
  });
  const elapsed = useElapsed(request?.created_at);
  const estimate = useEstimate('workout_plan_requests');

  if (!requestId) {
    return <Redirect href="/" />;
  }
  if (status === 'completed' && workoutPlanId) {
    return <Redirect href={{ pathname: '/workout-plan', params: { workoutPlanId } }} />;
  }
  if (status === 'failed') {
    return <NoPlanView error={error} code={code} />;
  }
  return (
    <WaitingView
      title="Your eight weeks are being made"
      doing={request ? (request.step_description ?? 'Waiting for its turn') : 'Looking for your plan …'}
      detail={request && detailOf(request)}
      fraction={request && fractionOf(request)}
      elapsed={elapsed}
      estimate={estimate}
      onCancel={() => void cancel()}
    />
  );
}

function detailOf(request: WorkoutPlanRequest): string | undefined {
  if (request.current_step === 0) {
    return undefined;
  }
  const step = `Step ${request.current_step} of ${request.total_steps}`;
  return request.exercises_total > 0
    ? `${step} · ${request.exercises_completed} of ${request.exercises_total} exercises`
    : step;
}
