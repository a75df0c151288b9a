// How many runs go on at once, in a queue or in all together; written by a click on the figure.

import { useState, type FormEvent } from 'react';
import { limitQueue, type Limit, type QueueRow } from '../../api/queues';
import { useAction } from '../../pieces/action';
import { Dialog } from '../../pieces/dialog';

type Limited = Pick<QueueRow, 'name' | 'max_running' | 'max_per_key'>;

export function LimitDialog({ of }: { of: Limited }) {
  const [open, setOpen] = useState(false);
  const isAll = of.name === '*';
  const said = [of.max_running === null ? 'no limit' : `${of.max_running}`, of.max_per_key !== null && `${of.max_per_key} a user`].filter(
    Boolean,
  );
  return (
    <>
      <button
        type="button"
        className="button button-small"
        aria-label={isAll ? undefined : `Limit of ${of.name}: ${said.join(', ')}`}
        onClick={() => setOpen(true)}
      >
        {isAll ? `All together: ${said[0]}` : said.join(', ')}
      </button>
      <Dialog open={open} onOpenChange={setOpen} title={isAll ? 'Limit of all queues together' : `Limit of ${of.name}`}>
        <Form of={of} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Form({ of, onDone }: { of: Limited; onDone: () => void }) {
  const [running, setRunning] = useState(of.max_running?.toString() ?? '');
  const [perKey, setPerKey] = useState(of.max_per_key?.toString() ?? '');
  const write = useAction({
    act: (limit: Limit) => limitQueue(of.name, limit),
    done: () => 'The limit holds from now on.',
    changes: ['queues', 'overview'],
    then: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    write.mutate({ max_running: running === '' ? null : Number(running), max_per_key: perKey === '' ? null : Number(perKey) });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <label className="field">
        <span>Runs at once, in all processes together</span>
        <input
          className="input"
          type="number"
          min="1"
          value={running}
          placeholder="no limit"
          onChange={(event) => setRunning(event.target.value)}
        />
      </label>
      {of.name !== '*' && (
        <label className="field">
          <span>Of one user at once</span>
          <input
            className="input"
            type="number"
            min="1"
            value={perKey}
            placeholder="no limit"
            onChange={(event) => setPerKey(event.target.value)}
          />
        </label>
      )}
      <p className="quiet">An empty field is no limit. What runs now goes on.</p>
      <div className="dialog-actions">
        <button type="submit" className="button button-main" disabled={write.isPending}>
          Set the limit
        </button>
      </div>
    </form>
  );
}
