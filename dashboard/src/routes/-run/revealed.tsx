// What was asked and answered: a person's profile, so it takes a permission, a click, and is noted in the server's log.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { revealedQuery, type TaskDetail } from '../../api/tasks';
import { Json } from '../../pieces/json';
import { Loaded } from '../../pieces/loaded';
import { Panel } from '../../pieces/page';

export function Revealed({ task }: { task: TaskDetail }) {
  const [open, setOpen] = useState(false);
  const button = (
    <button type="button" className="button" aria-expanded={open} onClick={() => setOpen(!open)}>
      {open ? 'Hide' : 'Show'}
    </button>
  );
  return (
    <Panel title="What was asked and answered" aside={button}>
      {open ? <Content id={task.id} /> : <p className="quiet">It may hold a person’s health. That it is looked at is noted in the log.</p>}
      <h3>Input</h3>
      <Json value={task.input} label="Input" />
      {task.output !== null && (
        <>
          <h3>Output</h3>
          <Json value={task.output} label="Output" />
        </>
      )}
    </Panel>
  );
}

function Content({ id }: { id: string }) {
  return (
    <Loaded query={useQuery(revealedQuery(id))}>
      {(task) => (
        <>
          {task.asked && (
            <>
              <h3>Asked</h3>
              <Json value={task.asked} label="Asked" />
            </>
          )}
          {task.steps.map((step) => (
            <div key={step.name} className="stack">
              <h3>{step.name}</h3>
              {step.output === undefined && step.partial === undefined ? (
                <p className="quiet">No answer is kept.</p>
              ) : (
                <Json value={step.output ?? step.partial} label={`Answer of ${step.name}`} />
              )}
            </div>
          ))}
        </>
      )}
    </Loaded>
  );
}
