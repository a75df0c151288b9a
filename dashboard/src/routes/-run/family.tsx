// The runs that this one started and waits for, and those that wait for it.

import type { Related, TaskDetail } from '../../api/tasks';
import { Badge } from '../../pieces/badge';
import { Panel } from '../../pieces/page';
import { RunLink } from '../../pieces/run-link';
import { DataTable, type Column } from '../../pieces/table';
import { words } from '../../values/number';

const COLUMNS: Column<Related>[] = [
  { id: 'id', header: 'Run', cell: (run) => <RunLink id={run.id} row /> },
  { id: 'kind', header: 'Flow', cell: (run) => words(run.kind) },
  { id: 'outcome', header: 'Outcome', cell: (run) => <Badge state={run.outcome ?? (run.done ? 'done' : 'open')} /> },
  { id: 'error', header: 'Error', cell: (run) => run.error_code ?? <span className="quiet">–</span> },
  { id: 'tolerated', header: 'May fail', cell: (run) => (run.tolerated ? 'yes' : 'no') },
];

export function Family({ task }: { task: TaskDetail }) {
  return (
    <>
      {task.children.length > 0 && (
        <Panel title="Waits for">
          <DataTable label="Runs that this one waits for" columns={COLUMNS} rows={task.children} id={(run) => run.id} />
        </Panel>
      )}
      {task.parents.length > 0 && (
        <Panel title="Is waited for by">
          <DataTable label="Runs that wait for this one" columns={COLUMNS} rows={task.parents} id={(run) => run.id} />
        </Panel>
      )}
    </>
  );
}
