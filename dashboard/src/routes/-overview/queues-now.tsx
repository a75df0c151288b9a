// The queues as they stand.

import { Link } from '@tanstack/react-router';
import type { QueueRow } from '../../api/queues';
import { Badge } from '../../pieces/badge';
import { Panel } from '../../pieces/page';
import { DataTable, type Column } from '../../pieces/table';
import { count, duration } from '../../values/number';

const COLUMNS: Column<QueueRow>[] = [
  {
    id: 'name',
    header: 'Queue',
    cell: (queue) => (
      <span className="row">
        <Link to="/runs" search={{ queue: queue.name }} data-row>
          {queue.name}
        </Link>
        {queue.paused_at && <Badge state="paused" />}
      </span>
    ),
  },
  { id: 'running', header: 'Running', end: true, cell: (queue) => count(queue.running) },
  { id: 'ready', header: 'Ready', end: true, cell: (queue) => count(queue.ready) },
  { id: 'waiting', header: 'Waiting', end: true, cell: (queue) => count(queue.waiting) },
  { id: 'parked', header: 'Parked', end: true, cell: (queue) => count(queue.parked) },
  { id: 'oldest', header: 'Oldest ready', end: true, cell: (queue) => duration(queue.ready > 0 ? queue.oldest_seconds : null) },
];

export function QueuesNow({ queues }: { queues: QueueRow[] }) {
  return (
    <Panel title="Queues now" aside={<Link to="/queues">All about queues</Link>}>
      <DataTable label="Queues now" columns={COLUMNS} rows={queues} id={(queue) => queue.name} />
    </Panel>
  );
}
