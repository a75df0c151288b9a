// A generation as it goes on, and the plan once it is there.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { weeklyPlanQuery, workoutPlanQuery } from '../../api/plans';
import { ENDED, taskQuery, type TaskDetail } from '../../api/tasks';
import { Badge } from '../../pieces/badge';
import { Loaded } from '../../pieces/loaded';
import { Marked } from '../../pieces/marked';
import { Panel } from '../../pieces/page';
import { meaning } from '../../values/error-code';
import { Ago } from '../../values/when';
import { Block } from '../-plans/block';
import { Week } from '../-plans/week';
import { Facts } from '../-run/facts';
import { Waterfall } from '../-run/waterfall';

export function Generation({ id }: { id: string }) {
  const query = useQuery(taskQuery(id));
  const head = useRef<HTMLElement>(null);
  // Who starts one looks at the form, above it.
  useEffect(() => {
    head.current?.scrollIntoView({ block: 'start' });
  }, [id]);
  return (
    <section ref={head} className="stack play-run" aria-label="Generation">
      <Loaded query={query}>{(task) => <Parts task={task} />}</Loaded>
    </section>
  );
}

function Parts({ task }: { task: TaskDetail }) {
  return (
    <>
      <Panel
        title="Generation"
        aside={
          <Link to="/runs/$id" params={{ id: task.id }}>
            The whole run
          </Link>
        }
      >
        <p className="row" role="status">
          <Badge state={task.state} /> <span>{task.why}</span>
        </p>
        <p className="quiet">
          Asked for <Ago at={task.created_at} />. While a plan is being made for a user, asking again shows that one.
        </p>
        {task.error_code && ENDED.includes(task.state) && <WhyNot task={task} />}
      </Panel>
      <Facts task={task} />
      <Waterfall task={task} />
      <Made task={task} />
    </>
  );
}

function WhyNot({ task }: { task: TaskDetail }) {
  return (
    <p className="refused">
      <span>
        <b>{task.error_code}</b> <Marked text={task.error_message ?? meaning(task.error_code ?? '') ?? ''} />
      </span>
    </p>
  );
}

function Made({ task }: { task: TaskDetail }) {
  const plan = (task.output as { plan_id?: string } | null)?.plan_id;
  if (!plan) return null;
  return task.kind === 'generate_weekly_plan' ? <MadeWeek id={plan} /> : <MadeBlock id={plan} />;
}

function MadeWeek({ id }: { id: string }) {
  return <Loaded query={useQuery(weeklyPlanQuery(id))}>{(plan) => <Week plan={plan} />}</Loaded>;
}

function MadeBlock({ id }: { id: string }) {
  return <Loaded query={useQuery(workoutPlanQuery(id))}>{(plan) => <Block plan={plan} />}</Loaded>;
}
