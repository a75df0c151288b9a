// The run's own log.

import { useMemo } from 'react';
import type { TaskEvent } from '../../api/tasks';
import { Empty } from '../../pieces/empty';
import { Panel } from '../../pieces/page';
import { words } from '../../values/number';
import { When } from '../../values/when';
import './log.css';

/** So many are shown at first: a run that was retried for days has thousands. */
const SHOWN = 200;

export function Log({ events }: { events: TaskEvent[] }) {
  const shown = useMemo(() => events.slice(-SHOWN), [events]);
  return (
    <Panel title="Log" aside={events.length > shown.length ? `the last ${SHOWN} of ${events.length}` : undefined}>
      {events.length === 0 ? (
        <Empty title="Nothing has been noted">A worker notes what it asks of models, how far it is, and how it ended.</Empty>
      ) : (
        <ol className="log">
          {shown.map((event) => (
            <li key={event.id}>
              <When at={event.at} />
              <b>{words(event.type)}</b>
              <span className="log-data">{told(event.data)}</span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

/** `day 4, of 7, provider openai`; what lies deeper stays JSON. */
function told(data: unknown): string {
  if (data === null || data === undefined) return '';
  if (typeof data !== 'object') return String(data);
  return Object.entries(data)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}
