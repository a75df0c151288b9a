// Runs, one a row.

import type { TaskRow } from '../../api/tasks';
import { Badge } from '../../pieces/badge';
import { RunLink } from '../../pieces/run-link';
import { DataTable, type Column, type Selection } from '../../pieces/table';
import { useNow } from '../../values/now';
import { duration, money, words } from '../../values/number';
import { When } from '../../values/when';
import { Link } from '@tanstack/react-router';

const COLUMNS: Column<TaskRow>[] = [
  { id: 'id', header: 'Run', cell: (run) => <RunLink id={run.id} row /> },
  { id: 'kind', header: 'Flow', cell: (run) => words(run.kind) },
  { id: 'state', header: 'State', cell: (run) => <Badge state={run.state} /> },
  { id: 'why', header: 'Why', cell: (run) => <Why run={run} /> },
  { id: 'user', header: 'User', cell: (run) => <User user={run.user} /> },
  { id: 'created', header: 'Accepted', cell: (run) => <When at={run.created_at} /> },
  { id: 'took', header: 'Took', end: true, cell: (run) => <Took run={run} /> },
  { id: 'cost', header: 'Cost', end: true, cell: (run) => money(run.cost) },
];

export function RunsTable({ rows, selection }: { rows: TaskRow[]; selection?: Selection }) {
  return <DataTable label="Runs" columns={COLUMNS} rows={rows} id={(run) => run.id} selection={selection} />;
}

function Why({ run }: { run: TaskRow }) {
  const retries = run.retries > 0 ? `${run.retries}/${run.max_retries} retries` : null;
  const said = [run.error_code ?? run.reason, retries].filter(Boolean).join(', ');
  return said === '' ? <span className="quiet">–</span> : <span>{said}</span>;
}

function User({ user }: { user: string | null }) {
  if (!user) return <span className="quiet">–</span>;
  return (
    <Link to="/runs" search={{ user }} className="mono" title={user}>
      {user.slice(0, 8)}
    </Link>
  );
}

/** From acceptance to the end, or till now. */
export function Took({ run }: { run: Pick<TaskRow, 'created_at' | 'ended_at' | 'seconds'> }) {
  return run.ended_at ? duration(run.seconds) : <Since at={run.created_at} />;
}

function Since({ at }: { at: string }) {
  return duration(Math.max(0, Math.floor((useNow() - Date.parse(at)) / 1000)));
}
