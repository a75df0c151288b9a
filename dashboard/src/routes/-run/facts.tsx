// A run in figures.

import { Link } from '@tanstack/react-router';
import type { TaskDetail } from '../../api/tasks';
import { Figure, Figures } from '../../pieces/figure';
import { RunLink } from '../../pieces/run-link';
import { brief, money } from '../../values/number';
import { When } from '../../values/when';
import { Took } from '../-runs/runs-table';

export function Facts({ task }: { task: TaskDetail }) {
  const tokens = (of: 'input_tokens' | 'output_tokens') => task.steps.reduce((sum, step) => sum + (step.usage?.[of] ?? 0), 0);
  const calls = task.steps.reduce((sum, step) => sum + step.sent, 0);
  return (
    <Figures>
      <Figure name={task.ended_at ? 'Took' : 'For now'} note={<Span task={task} />}>
        <Took run={task} />
      </Figure>
      <Figure name="Cost" note={`${calls === 1 ? '1 call' : `${calls} calls`} of models`}>
        {money(task.cost)}
      </Figure>
      <Figure name="Tokens" note="in / out">
        {brief(tokens('input_tokens'))} / {brief(tokens('output_tokens'))}
      </Figure>
      <Figure name="Retries" note={task.losses > 0 ? `lost by a worker ${task.losses} times` : `of ${task.max_retries}`}>
        {task.retries}
      </Figure>
      <Figure
        name="Queue"
        note={
          task.user && (
            <Link to="/runs" search={{ user: task.user }} title={task.user}>
              runs of user {task.user.slice(0, 8)}
            </Link>
          )
        }
      >
        <Link to="/runs" search={{ queue: task.queue }}>
          {task.queue}
        </Link>
      </Figure>
      {task.replay_of && (
        <Figure name="Replay of">
          <RunLink id={task.replay_of} />
        </Figure>
      )}
    </Figures>
  );
}

function Span({ task }: { task: TaskDetail }) {
  return (
    <>
      <When at={task.created_at} />
      {task.ended_at && (
        <>
          {' – '}
          <When at={task.ended_at} />
        </>
      )}
    </>
  );
}
