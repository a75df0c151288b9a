// Schedules: what is started by the clock, and when next.

import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { schedulesQuery, type Schedule } from '../api/schedules';
import { Badge } from '../pieces/badge';
import { Dialog } from '../pieces/dialog';
import { Empty } from '../pieces/empty';
import { Loaded } from '../pieces/loaded';
import { Page, Panel } from '../pieces/page';
import { DataTable, type Column } from '../pieces/table';
import { count, words } from '../values/number';
import { Ago, When } from '../values/when';
import { UserFilter } from '../pieces/user-filter';
import { Athletes } from './-schedules/athletes';
import { ScheduleActions } from './-schedules/schedule-actions';
import { ScheduleForm } from './-schedules/schedule-form';

interface Search {
  /** Whose, of the athletes. */
  user?: string;
}

export const Route = createFileRoute('/schedules')({
  component: Schedules,
  validateSearch: (search: Record<string, unknown>): Search => ({
    user: typeof search.user === 'string' && search.user !== '' ? search.user : undefined,
  }),
});

const COLUMNS: Column<Schedule>[] = [
  { id: 'name', header: 'Schedule', cell: (schedule) => <Edit schedule={schedule} />, sort: (schedule) => schedule.name },
  { id: 'kind', header: 'Flow', cell: (schedule) => words(schedule.kind), sort: (schedule) => schedule.kind },
  {
    id: 'cron',
    header: 'When',
    cell: (schedule) => (
      <span>
        <code>{schedule.cron}</code> <span className="quiet">{schedule.time_zone}</span>
      </span>
    ),
  },
  { id: 'next', header: 'Next', cell: (schedule) => <Next schedule={schedule} />, sort: (schedule) => schedule.next_at },
  { id: 'last', header: 'Last', cell: (schedule) => <Ago at={schedule.last_at} /> },
  { id: 'missed', header: 'Missed', end: true, cell: (schedule) => count(schedule.missed), sort: (schedule) => schedule.missed },
  { id: 'act', header: 'Action', end: true, cell: (schedule) => <ScheduleActions schedule={schedule} /> },
];

function Schedules() {
  const [making, setMaking] = useState(false);
  const { user } = Route.useSearch();
  const navigate = Route.useNavigate();
  const make = (
    <button type="button" className="button button-main" onClick={() => setMaking(true)}>
      New schedule
    </button>
  );
  return (
    <Page title="Schedules" actions={make}>
      <Panel title="Schedules of the operator">
        <Loaded query={useQuery(schedulesQuery)}>
          {(schedules) =>
            schedules.data.length === 0 ? (
              <Empty title="Nothing is started by the clock" command="mesocycle schedules list">
                A schedule starts a task of any kind at the times of a cron pattern. Athletes’ own stand below.
              </Empty>
            ) : (
              <DataTable label="Schedules" columns={COLUMNS} rows={schedules.data} id={(schedule) => schedule.name} />
            )
          }
        </Loaded>
      </Panel>
      <UserFilter user={user} onChange={(next) => void navigate({ search: { user: next } })} />
      <Athletes user={user} />
      <Dialog open={making} onOpenChange={setMaking} title="New schedule">
        <ScheduleForm onDone={() => setMaking(false)} />
      </Dialog>
    </Page>
  );
}

function Edit({ schedule }: { schedule: Schedule }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="link" data-row onClick={() => setOpen(true)}>
        {schedule.name}
      </button>
      <Dialog open={open} onOpenChange={setOpen} title={`Edit ${schedule.name}`}>
        <ScheduleForm schedule={schedule} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Next({ schedule }: { schedule: Schedule }) {
  if (!schedule.enabled) return <Badge state="paused" />;
  return (
    <details>
      <summary>
        <Ago at={schedule.next_at} />
      </summary>
      <ul className="fires">
        {schedule.next_fires.map((at) => (
          <li key={at}>
            <When at={at} />
          </li>
        ))}
      </ul>
    </details>
  );
}
