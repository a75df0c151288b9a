// What can be done to many runs: to those that are chosen, or to all that fit the filter.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { bulkQuery, cancelTask, ENDED, RETRIED, retryTask, startBulk, type Bulk as Progress, type TaskFilter } from '../../api/tasks';
import { useAction } from '../../pieces/action';
import { ConfirmButton } from '../../pieces/confirm';
import { useManyActions } from './many';

interface Acting {
  filter: TaskFilter;
  chosen: string[];
  onDone: () => void;
}

export function Bulk({ filter, chosen, onDone }: Acting) {
  const [running, setRunning] = useState<string | null>(null);
  return (
    <>
      {running && <Running id={running} onEnd={() => setRunning(null)} />}
      {chosen.length > 0 && <Chosen ids={chosen} onDone={onDone} />}
      {chosen.length === 0 && !running && <All filter={filter} onStart={setRunning} />}
    </>
  );
}

/** Each by itself, so that what was refused is known by its id. */
function Chosen({ ids, onDone }: { ids: string[]; onDone: () => void }) {
  const { progress, act } = useManyActions(onDone);
  if (progress) return <Bar done={progress.done} of={progress.of} />;
  const many = ids.length === 1 ? '1 run' : `${ids.length} runs`;
  return (
    <>
      <span>{many} chosen</span>
      <ConfirmButton label="Retry" title={`Retry ${many}?`} confirm="Retry" onConfirm={() => act('retry', ids, retryTask)}>
        Waiting and parked ones go on now, failed and cancelled ones run again. Others are left as they are.
      </ConfirmButton>
      <ConfirmButton label="Cancel" danger title={`Cancel ${many}?`} confirm="Cancel them" onConfirm={() => act('cancel', ids, cancelTask)}>
        What they were asked for is not made. Those that have ended are left as they are.
      </ConfirmButton>
      <button type="button" className="button" onClick={onDone}>
        Choose none
      </button>
    </>
  );
}

function All({ filter, onStart }: { filter: TaskFilter; onStart: (id: string) => void }) {
  const start = useAction({
    act: (action: Progress['action']) => startBulk(action, filter),
    done: (_, action) => (action === 'retry' ? 'Retrying all that fit.' : 'Cancelling all that fit.'),
    changes: ['tasks', 'queues'],
    then: (bulk) => onStart(bulk.id),
  });
  // Everything there is would be too much for one click; the server refuses it too.
  if (Object.values(filter).every((value) => value === undefined)) return null;
  const { state } = filter;
  return (
    <>
      {(state === undefined || RETRIED.includes(state)) && (
        <ConfirmButton
          label="Retry all that fit"
          title={`Retry all ${state ?? 'failed'} runs that fit?`}
          confirm="Retry all"
          onConfirm={() => start.mutate('retry')}
        >
          Not only those on this page. Those that ended run again, once; those that wait go on now.
        </ConfirmButton>
      )}
      {(state === undefined || !ENDED.includes(state)) && (
        <ConfirmButton
          label="Cancel all that fit"
          danger
          title="Cancel all runs that fit?"
          confirm="Cancel all"
          onConfirm={() => start.mutate('cancel')}
        >
          Not only those on this page: all that fit and have not ended. What they were asked for is not made.
        </ConfirmButton>
      )}
    </>
  );
}

/** A bulk action is a run itself: how far it is, and a way to stop it. */
function Running({ id, onEnd }: { id: string; onEnd: () => void }) {
  const bulk = useQuery({ ...bulkQuery(id), refetchInterval: (query) => (isOver(query.state.data) ? false : 1000) });
  const stop = useAction({ act: () => cancelTask(id), done: () => 'Stopped. What was done stays done.', changes: ['bulk', 'tasks'] });
  if (!bulk.data) return <span>Starting…</span>;
  const { done, refused, state } = bulk.data;
  const told = `${done} done${refused > 0 ? `, ${refused} could not be` : ''}`;
  return (
    <>
      <span role="status">{isOver(bulk.data) ? `${told} (${state})` : told}</span>
      {isOver(bulk.data) ? (
        <button type="button" className="button" onClick={onEnd}>
          Close
        </button>
      ) : (
        <button type="button" className="button button-danger" onClick={() => stop.mutate()}>
          Stop
        </button>
      )}
    </>
  );
}

function isOver(bulk: Progress | undefined): boolean {
  return bulk !== undefined && ENDED.includes(bulk.state);
}

function Bar({ done, of }: { done: number; of: number }) {
  return (
    <label className="row">
      <progress value={done} max={of} /> {done} of {of}
    </label>
  );
}
