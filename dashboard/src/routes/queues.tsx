// Queues: what each holds, whether it goes on, and how much of it at once.

import { useQuery } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { pauseQueue, queuesQuery, resumeQueue, type QueueRow } from '../api/queues';
import type { State } from '../api/tasks';
import { useAction } from '../pieces/action';
import { Badge } from '../pieces/badge';
import { Loaded } from '../pieces/loaded';
import { Page, Panel } from '../pieces/page';
import { DataTable, type Column } from '../pieces/table';
import { count, duration } from '../values/number';
import { When } from '../values/when';
import { LimitDialog } from './-queues/limit-dialog';
import { PauseDialog } from './-queues/pause-dialog';

export const Route = createFileRoute('/queues')({ component: Queues });

const number = (name: State & keyof QueueRow, header: string): Column<QueueRow> => ({
  id: name,
  header,
  end: true,
  cell: (queue) => (
    <Link to="/runs" search={{ queue: queue.name, state: name }}>
      {count(queue[name])}
    </Link>
  ),
  sort: (queue) => queue[name],
});

const COLUMNS: Column<QueueRow>[] = [
  {
    id: 'name',
    header: 'Queue',
    cell: (queue) => (
      <Link to="/runs" search={{ queue: queue.name }} data-row>
        {queue.name}
      </Link>
    ),
    sort: (queue) => queue.name,
  },
  { id: 'state', header: 'State', cell: (queue) => <Standing queue={queue} /> },
  number('ready', 'Ready'),
  number('waiting', 'Waiting'),
  number('parked', 'Parked'),
  number('running', 'Running'),
  {
    id: 'oldest',
    header: 'Oldest ready',
    end: true,
    cell: (queue) => duration(queue.ready > 0 ? queue.oldest_seconds : null),
    sort: (queue) => queue.oldest_seconds ?? 0,
  },
  { id: 'limit', header: 'At once', end: true, cell: (queue) => <LimitDialog of={queue} /> },
  { id: 'act', header: 'Action', end: true, cell: (queue) => <PauseOrResume queue={queue} /> },
];

function Queues() {
  const query = useQuery(queuesQuery);
  return (
    <Page title="Queues">
      <Loaded query={query}>
        {(queues) => (
          <Panel title="All queues" aside={<LimitDialog of={{ name: '*', max_running: queues.max_running, max_per_key: null }} />}>
            <DataTable label="Queues" columns={COLUMNS} rows={queues.data} id={(queue) => queue.name} />
          </Panel>
        )}
      </Loaded>
    </Page>
  );
}

function Standing({ queue }: { queue: QueueRow }) {
  if (queue.paused_at) {
    return (
      <span>
        <Badge state="paused" /> since <When at={queue.paused_at} />
        {queue.paused_because && `: ${queue.paused_because}`}
      </span>
    );
  }
  return queue.has_worker ? <Badge state="open" /> : <Badge state="no_worker" />;
}

function PauseOrResume({ queue }: { queue: QueueRow }) {
  const [open, setOpen] = useState(false);
  const changes = ['queues', 'overview', 'task'];
  const resume = useAction({ act: () => resumeQueue(queue.name), done: () => `${queue.name} goes on.`, changes });
  const pause = useAction({ act: (because: string) => pauseQueue(queue.name, because), done: () => `${queue.name} is paused.`, changes });
  if (queue.paused_at) {
    return (
      <button type="button" className="button button-small" disabled={resume.isPending} onClick={() => resume.mutate()}>
        Resume
      </button>
    );
  }
  return (
    <>
      <button type="button" className="button button-small" onClick={() => setOpen(true)}>
        Pause
      </button>
      <PauseDialog name={queue.name} open={open} onOpenChange={setOpen} onPause={pause.mutate} />
    </>
  );
}
