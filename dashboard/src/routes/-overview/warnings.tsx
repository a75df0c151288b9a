// What somebody should see to now.

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Overview } from '../../api/figures';
import { Command } from '../../pieces/command';
import { duration } from '../../values/number';
import './warnings.css';

/** A queue whose oldest ready run has waited so long stands still, or is too small. */
const LONG_SECONDS = 300;

export function Warnings({ overview }: { overview: Overview }) {
  const { queues } = overview;
  const parked = queues.reduce((sum, queue) => sum + queue.parked, 0);
  return (
    <>
      {overview.workers_alive === 0 && (
        <Warning>
          No worker is alive: nothing runs. <Command text="mesocycle work" />
        </Warning>
      )}
      {parked > 0 && (
        <Warning>
          <Link to="/runs" search={{ state: 'parked' }}>
            {parked === 1 ? 'One run is' : `${parked} runs are`} parked
          </Link>
          : a person must decide.
        </Warning>
      )}
      {queues
        .filter((queue) => queue.paused_at)
        .map((queue) => (
          <Warning key={queue.name}>
            <Link to="/queues">{queue.name}</Link> is paused{queue.paused_because ? `: ${queue.paused_because}` : '.'}
          </Warning>
        ))}
      {queues
        .filter((queue) => !queue.paused_at && (queue.oldest_seconds ?? 0) > LONG_SECONDS)
        .map((queue) => (
          <Warning key={queue.name}>
            The oldest run in <Link to="/queues">{queue.name}</Link> has waited {duration(queue.oldest_seconds)}.
          </Warning>
        ))}
    </>
  );
}

function Warning({ children }: { children: ReactNode }) {
  return <p className="warning">{children}</p>;
}
