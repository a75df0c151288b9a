// A plan of eight weeks: which days, how it gets harder, and every exercise of one week.

import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { workoutPlanQuery } from '../../api/plans';
import { Loaded } from '../../pieces/loaded';
import { Page } from '../../pieces/page';
import { day } from '../../values/day';
import { Block } from '../-plans/block';
import { PlanFacts } from '../-plans/plan-facts';

export const Route = createFileRoute('/plans/workout/$id')({ component: WorkoutPlan });

function WorkoutPlan() {
  const { id } = Route.useParams();
  const query = useQuery(workoutPlanQuery(id));
  const start = day(query.data?.start_date);
  return (
    <Page title={start ? `Eight weeks from ${start}` : 'Workout plan'}>
      <Loaded query={query}>
        {(plan) => (
          <>
            <PlanFacts flow="workout" plan={plan} run={plan.request_id} />
            <Block plan={plan} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
