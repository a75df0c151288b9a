// Plans, one a row.

import { Link } from '@tanstack/react-router';
import type { WeeklyPlanRow, WorkoutPlanRow } from '../../api/plans';
import { Badge } from '../../pieces/badge';
import { RunLink } from '../../pieces/run-link';
import { DataTable, type Column } from '../../pieces/table';
import { day } from '../../values/day';
import { When } from '../../values/when';
import './lists.css';

const WEEKLY: Column<WeeklyPlanRow>[] = [
  {
    id: 'plan',
    header: 'Plan',
    cell: (plan) => (
      <Link to="/plans/weekly/$id" params={{ id: plan.id }} className="mono" title={plan.id} data-row>
        {plan.id.slice(0, 8)}
      </Link>
    ),
  },
  { id: 'week', header: 'Week of', cell: (plan) => day(plan.week_start_date) ?? <None /> },
  { id: 'status', header: 'Status', cell: (plan) => <Badge state={plan.status} /> },
  { id: 'user', header: 'User', cell: (plan) => <User flow="weekly" user={plan.user_id} /> },
  { id: 'run', header: 'Made by', cell: (plan) => (plan.generation_job_id ? <RunLink id={plan.generation_job_id} /> : 'the app itself') },
  { id: 'created', header: 'Stored', cell: (plan) => <When at={plan.created_at} /> },
  { id: 'version', header: 'Version', end: true, cell: (plan) => plan.version },
];

const WORKOUT: Column<WorkoutPlanRow>[] = [
  {
    id: 'plan',
    header: 'Plan',
    cell: (plan) => (
      <Link to="/plans/workout/$id" params={{ id: plan.id }} className="mono" title={plan.id} data-row>
        {plan.id.slice(0, 8)}
      </Link>
    ),
  },
  { id: 'summary', header: 'About', cell: (plan) => <span className="plan-about">{plan.summary ?? <None />}</span> },
  { id: 'status', header: 'Status', cell: (plan) => <Badge state={plan.status} /> },
  { id: 'start', header: 'Starts', cell: (plan) => <span className="nowrap">{day(plan.start_date) ?? <None />}</span> },
  { id: 'user', header: 'User', cell: (plan) => <User flow="workout" user={plan.user_id} /> },
  { id: 'created', header: 'Stored', cell: (plan) => <When at={plan.created_at} /> },
];

export function WeeklyPlans({ plans }: { plans: WeeklyPlanRow[] }) {
  return <DataTable label="Weekly plans" columns={WEEKLY} rows={plans} id={(plan) => plan.id} />;
}

export function WorkoutPlans({ plans }: { plans: WorkoutPlanRow[] }) {
  return <DataTable label="Workout plans" columns={WORKOUT} rows={plans} id={(plan) => plan.id} />;
}

function User({ flow, user }: { flow: 'weekly' | 'workout'; user: string }) {
  return (
    <Link to="/plans" search={{ flow, user }} className="mono" title={`Plans of user ${user}`}>
      {user.slice(0, 8)}
    </Link>
  );
}

function None() {
  return <span className="quiet">–</span>;
}
