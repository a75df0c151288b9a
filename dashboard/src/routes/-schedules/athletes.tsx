// Athletes' own schedules: who gets a new week when, and why one did not come.

import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { planSchedulesQuery, type PlanSchedule } from '../../api/plans';
import { Badge } from '../../pieces/badge';
import { Empty } from '../../pieces/empty';
import { Panel } from '../../pieces/page';
import { Pages } from '../../pieces/pages';
import { RunLink } from '../../pieces/run-link';
import { DataTable, type Column } from '../../pieces/table';
import { Ago } from '../../values/when';

const COLUMNS: Column<PlanSchedule>[] = [
  {
    id: 'user',
    header: 'User',
    cell: ({ user_id }) => (
      <Link to="/plans" search={{ flow: 'weekly', user: user_id }} className="mono" title={`Plans of user ${user_id}`} data-row>
        {user_id.slice(0, 8)}
      </Link>
    ),
  },
  {
    id: 'cron',
    header: 'When',
    cell: (schedule) => (
      <span>
        <code>{schedule.cron}</code> <span className="quiet">{schedule.time_zone}</span>
      </span>
    ),
  },
  { id: 'next', header: 'Next plan', cell: (schedule) => (schedule.enabled ? <Ago at={schedule.next_at} /> : <Badge state="off" />) },
  { id: 'last', header: 'Last plan', cell: (schedule) => <Last schedule={schedule} /> },
  { id: 'skipped', header: 'Last without a plan', cell: (schedule) => <Skipped schedule={schedule} /> },
];

/** Of one user, or of all. */
export function Athletes({ user }: { user: string | undefined }) {
  const query = useInfiniteQuery(planSchedulesQuery({ user }));
  return (
    <Panel title="Athletes’ schedules">
      <Pages query={query} empty={<Nobody user={user} />}>
        {(schedules) => <DataTable label="Athletes’ schedules" columns={COLUMNS} rows={schedules} id={(schedule) => schedule.user_id} />}
      </Pages>
    </Panel>
  );
}

function Last({ schedule }: { schedule: PlanSchedule }) {
  return (
    <span>
      <Ago at={schedule.last_at} /> {schedule.last_job_id && <RunLink id={schedule.last_job_id} />}
    </span>
  );
}

const REASONS: Record<string, string> = {
  TOO_SOON: 'too soon after the last plan',
  EXISTING: 'another plan was being made',
  PLAN_EXISTS: 'there was a plan of that week',
  NO_PROFILE: 'there is no profile any more',
  TOO_MANY_REQUESTS: 'the user had asked too often that day',
};

function Skipped({ schedule: { skipped_at, skipped_because } }: { schedule: PlanSchedule }) {
  if (!skipped_at) return <span className="quiet">–</span>;
  return (
    <span>
      <Ago at={skipped_at} />: {REASONS[skipped_because ?? ''] ?? skipped_because}
    </span>
  );
}

function Nobody({ user }: { user: string | undefined }) {
  if (user) return <Empty title="This user has no schedule">A user’s id is the uuid that the app signs in with.</Empty>;
  return (
    <Empty title="No athlete has a schedule yet">
      An app sets one by the function schedule-regeneration: a new week every Sunday at 18:00, where the athlete is.
    </Empty>
  );
}
