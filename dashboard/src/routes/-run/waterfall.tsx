// Where a run's time went: the wait, each attempt, each step and model call on one line of time.

import { ENDED, type Step, type TaskDetail } from '../../api/tasks';
import { Badge } from '../../pieces/badge';
import { Empty } from '../../pieces/empty';
import { Panel } from '../../pieces/page';
import { useNow } from '../../values/now';
import { count, duration, money } from '../../values/number';
import './waterfall.css';

interface Bar {
  key: string;
  name: string;
  kind: 'wait' | 'attempt' | 'step';
  outcome: string;
  from: number;
  /** None: it goes on. */
  to: number | null;
  step?: Step;
}

export function Waterfall({ task }: { task: TaskDetail }) {
  const now = useNow();
  const bars = barsOf(task);
  const start = Date.parse(task.created_at);
  const end = task.ended_at ? Date.parse(task.ended_at) : Math.max(now, ...bars.map((bar) => bar.to ?? bar.from));
  const all = Math.max(end - start, 1);
  return (
    <Panel title="Where the time went" aside={`${duration(all / 1000)} in all`}>
      {bars.length === 0 && <Empty title="Nothing yet">It waits for its turn: {task.why}</Empty>}
      <ol className="waterfall">
        {bars.map((bar) => (
          <li key={bar.key} className={`fall fall-${bar.kind}`}>
            <Name bar={bar} />
            <div className="fall-room">
              <div
                className={`fall-bar fall-${toneOf(bar)}`}
                style={{
                  left: `${(100 * (bar.from - start)) / all}%`,
                  width: `${Math.max(0.4, (100 * ((bar.to ?? end) - bar.from)) / all)}%`,
                }}
              />
            </div>
            <span className="fall-took">{duration(((bar.to ?? end) - bar.from) / 1000)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Name({ bar }: { bar: Bar }) {
  if (!bar.step) {
    return (
      <span className="fall-name">
        {bar.name} {bar.kind === 'attempt' && <Badge state={bar.outcome} />}
      </span>
    );
  }
  const { step } = bar;
  const input = step.usage?.input_tokens;
  const output = step.usage?.output_tokens;
  return (
    <span className="fall-name">
      <span>{step.name}</span>
      <small>
        {[
          step.model,
          input !== undefined && `${count(input)} in, ${count(output ?? 0)} out`,
          step.cost > 0 && money(step.cost),
          step.cost === 0 && step.estimate > 0 && `up to ${money(step.estimate)}`,
          step.sent > 1 && `sent ${step.sent} times`,
          step.resumed > 0 && `picked up ${step.resumed} times`,
          step.state !== 'done' && step.state,
        ]
          .filter(Boolean)
          .join(' · ')}
      </small>
    </span>
  );
}

function barsOf(task: TaskDetail): Bar[] {
  const moment = (at: string | null) => (at ? Date.parse(at) : null);
  const attempts = task.attempts.flatMap((attempt): Bar[] => {
    const from = moment(attempt.started_at);
    if (from === null) return [];
    const to = moment(attempt.ended_at) ?? (ENDED.includes(task.state) ? moment(task.ended_at) : null);
    return [{ key: `attempt ${attempt.attempt}`, name: `Attempt ${attempt.attempt}`, kind: 'attempt', outcome: attempt.outcome, from, to }];
  });
  const steps = task.steps.map((step): Bar => {
    const to = moment(step.ended_at) ?? moment(task.ended_at);
    return { key: `step ${step.name}`, name: step.name, kind: 'step', outcome: step.state, from: Date.parse(step.started_at), to, step };
  });
  const inOrder = [...attempts, ...steps].sort((a, b) => a.from - b.from || (a.kind === 'attempt' ? -1 : 1));
  const first = inOrder[0];
  const created = Date.parse(task.created_at);
  if (!first || first.from - created < 1) return inOrder;
  return [{ key: 'wait', name: 'In the queue', kind: 'wait', outcome: '', from: created, to: first.from }, ...inOrder];
}

function toneOf(bar: Bar): string {
  if (bar.to === null) return 'running';
  if (bar.kind === 'attempt' && ['failed', 'lost'].includes(bar.outcome)) return 'bad';
  if (bar.kind === 'attempt' && ['retried', 'waits', 'released'].includes(bar.outcome)) return 'left';
  return 'good';
}
