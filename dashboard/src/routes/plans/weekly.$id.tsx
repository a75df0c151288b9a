// A weekly plan: what the rules say of it, how much each muscle works, and its seven days.

import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { weeklyPlanQuery } from '../../api/plans';
import { Loaded } from '../../pieces/loaded';
import { Page } from '../../pieces/page';
import { day } from '../../values/day';
import { PlanFacts } from '../-plans/plan-facts';
import { Week } from '../-plans/week';

export const Route = createFileRoute('/plans/weekly/$id')({ component: WeeklyPlan });

function WeeklyPlan() {
  const { id } = Route.useParams();
  const query = useQuery(weeklyPlanQuery(id));
  const monday = day(query.data?.week_start_date);
  return (
    <Page title={monday ? `Week of ${monday}` : 'Weekly plan'}>
      <Loaded query={query}>
        {(plan) => (
          <>
            <PlanFacts flow="weekly" plan={plan} run={plan.generation_job_id} version={plan.version} />
            <Week plan={plan} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
