// Each time a worker took the run, and how that ended.

import type { Attempt } from '../../api/tasks';
import { Badge } from '../../pieces/badge';
import { Panel } from '../../pieces/page';
import { DataTable, type Column } from '../../pieces/table';
import { When } from '../../values/when';

const COLUMNS: Column<Attempt>[] = [
  { id: 'attempt', header: 'Attempt', cell: (attempt) => attempt.attempt },
  { id: 'outcome', header: 'Outcome', cell: (attempt) => <Badge state={attempt.outcome} /> },
  { id: 'started', header: 'Started', cell: (attempt) => <When at={attempt.started_at} /> },
  { id: 'ended', header: 'Ended', cell: (attempt) => <When at={attempt.ended_at} /> },
  { id: 'worker', header: 'Worker', cell: (attempt) => attempt.worker ?? <span className="quiet">–</span> },
  { id: 'error', header: 'Error', cell: (attempt) => <Wrong attempt={attempt} /> },
];

export function Attempts({ attempts }: { attempts: Attempt[] }) {
  if (attempts.length === 0) return null;
  return (
    <Panel title="Attempts">
      <DataTable label="Attempts" columns={COLUMNS} rows={attempts} id={(attempt) => String(attempt.attempt)} />
    </Panel>
  );
}

function Wrong({ attempt }: { attempt: Attempt }) {
  if (!attempt.error_code && !attempt.error_message) return <span className="quiet">–</span>;
  return (
    <span>
      <b>{attempt.error_code}</b> {attempt.error_message}
    </span>
  );
}
