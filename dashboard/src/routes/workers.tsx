// Workers: who takes runs, and whether they still live.

import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { workersQuery, type WorkerRow } from '../api/queues';
import { Badge } from '../pieces/badge';
import { Empty } from '../pieces/empty';
import { Loaded } from '../pieces/loaded';
import { Page, Panel } from '../pieces/page';
import { DataTable, type Column } from '../pieces/table';
import { count } from '../values/number';
import { Ago } from '../values/when';

export const Route = createFileRoute('/workers')({ component: Workers });

const COLUMNS: Column<WorkerRow>[] = [
  { id: 'name', header: 'Worker', cell: (worker) => <span className="mono">{worker.name}</span>, sort: (worker) => worker.name },
  {
    id: 'alive',
    header: 'State',
    cell: (worker) => <Badge state={worker.alive ? 'alive' : 'gone'} />,
    sort: (worker) => (worker.alive ? 0 : 1),
  },
  { id: 'running', header: 'Running', end: true, cell: (worker) => count(worker.running), sort: (worker) => worker.running },
  { id: 'queues', header: 'Queues', cell: (worker) => (worker.external ? 'an outside worker of weekly plans' : worker.queues.join(', ')) },
  { id: 'started', header: 'Started', cell: (worker) => <Ago at={worker.started_at} />, sort: (worker) => worker.started_at },
  { id: 'lease', header: 'Alive until', cell: (worker) => <Ago at={worker.lease_until} /> },
];

function Workers() {
  // A worker lives on by renewing its lease, which is no change that anybody is told of.
  const query = useQuery({ ...workersQuery, refetchInterval: 5_000 });
  return (
    <Page title="Workers">
      <Panel title="Who works">
        <Loaded query={query}>
          {(workers) =>
            workers.data.length === 0 ? (
              <Empty title="Nobody works: nothing that is asked for is made" command="mesocycle work">
                A worker is a process of mesocycle work, or of mesocycle dev. Start as many as you like, on any machine that reaches the
                database.
              </Empty>
            ) : (
              <DataTable label="Workers" columns={COLUMNS} rows={workers.data} id={(worker) => worker.name} />
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}
