/** Waits for a week. `jobId` is the job. The start screen finds the one that is running. */

import { usePlanJob } from '@mesocycle/client/react';
import type { PlanJob } from '@mesocycle/client';
import { Redirect, useLocalSearchParams } from 'expo-router';
import { fractionByClock } from '../../../src/waiting/estimate';
import { useElapsed } from '../../../src/waiting/use-elapsed';
import { useEstimate } from '../../../src/waiting/use-estimate';
import { NoPlanView, WaitingView } from '../../../src/waiting/waiting-view';

export default function WaitingForWeek() {
  const { jobId } = useLocalSearchParams<{ jobId?: string }>();
  const { status, job, plan, error, code, isStuck, cancel, reset } = usePlanJob({ jobId, resume: false });
  const elapsed = useElapsed(job?.created_at);
  const estimate = useEstimate('plan_generation_jobs');

  if (!jobId) {
    return <Redirect href="/" />;
  }
  if (status === 'completed' && plan) {
    return <Redirect href={{ pathname: '/plan-preview', params: { planId: plan.id } }} />;
  }
  if (status === 'failed') {
    return <NoPlanView error={error} code={code} />;
  }
  return (
    <WaitingView
      title="Your week is being made"
      doing={job ? doingOf(job) : 'Looking for your plan …'}
      detail={job && detailOf(job)}
      fraction={fractionByClock(estimate, elapsed)}
      elapsed={elapsed}
      estimate={estimate}
      onCancel={() => void cancel()}
      onReset={isStuck ? () => void reset() : undefined}
    />
  );
}

/** All that a weekly job tells of itself while it runs. */
function doingOf(job: PlanJob): string {
  return job.status === 'pending' ? 'Waiting for its turn' : 'Your coach is writing your week';
}

function detailOf(job: PlanJob): string | undefined {
  const tries = `Try ${job.retry_count + 1} of ${job.max_retries + 1}.`;
  return job.retry_count > 0 ? `${job.error_message ?? 'Something went wrong.'} ${tries}` : undefined;
}
