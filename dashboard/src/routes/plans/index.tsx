// Plans: what was made for whom, newest first, weekly or for eight weeks.

import { useInfiniteQuery } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { weeklyPlansQuery, workoutPlansQuery } from '../../api/plans';
import { Choice } from '../../pieces/choice';
import { Empty } from '../../pieces/empty';
import { Page, Panel } from '../../pieces/page';
import { Pages } from '../../pieces/pages';
import { WeeklyPlans, WorkoutPlans } from '../-plans/lists';
import { UserFilter } from '../../pieces/user-filter';

const FLOWS = ['weekly', 'workout'] as const;
type Flow = (typeof FLOWS)[number];

interface Search {
  flow?: Flow;
  user?: string;
}

export const Route = createFileRoute('/plans/')({
  component: Plans,
  validateSearch: (search: Record<string, unknown>): Search => ({
    flow: FLOWS.find((flow) => flow === search.flow),
    user: typeof search.user === 'string' && search.user !== '' ? search.user : undefined,
  }),
});

function Plans() {
  const { flow = 'weekly', user } = Route.useSearch();
  const navigate = Route.useNavigate();
  const change = (next: Search) => void navigate({ search: { flow, user, ...next } });
  return (
    <Page title="Plans" actions={<Choice label="Flow" options={FLOWS} value={flow} onChange={(next) => change({ flow: next })} />}>
      <UserFilter user={user} onChange={(next) => change({ user: next })} />
      {flow === 'weekly' ? <Weekly user={user} /> : <Workout user={user} />}
    </Page>
  );
}

function Weekly({ user }: { user: string | undefined }) {
  const query = useInfiniteQuery(weeklyPlansQuery({ user }));
  return (
    <Panel title="Weekly plans">
      <Pages query={query} empty={<Nothing user={user} flow="weekly" />}>
        {(plans) => <WeeklyPlans plans={plans} />}
      </Pages>
    </Panel>
  );
}

function Workout({ user }: { user: string | undefined }) {
  const query = useInfiniteQuery(workoutPlansQuery({ user }));
  return (
    <Panel title="Workout plans of eight weeks">
      <Pages query={query} empty={<Nothing user={user} flow="workout" />}>
        {(plans) => <WorkoutPlans plans={plans} />}
      </Pages>
    </Panel>
  );
}

function Nothing({ user, flow }: { user: string | undefined; flow: Flow }) {
  if (user) return <Empty title={`This user has no ${flow} plan`}>A user’s id is the uuid that the app signs in with.</Empty>;
  return (
    <Empty title={`No ${flow} plan was made yet`} command="mesocycle plan examples/athlete.json">
      Apps ask for one through {flow === 'weekly' ? 'create-plan-job' : 'trigger-workout-plan'}; you can on the{' '}
      <Link to="/playground" search={{ flow }}>
        playground
      </Link>
      , or try the planner on a terminal.
    </Empty>
  );
}
