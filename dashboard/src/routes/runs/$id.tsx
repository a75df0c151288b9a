// One run: why it is as it is, where its time and money went, what can be done with it. Live while it goes on.

import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { taskQuery, type TaskDetail } from '../../api/tasks';
import { Badge } from '../../pieces/badge';
import { Copy } from '../../pieces/command';
import { Loaded } from '../../pieces/loaded';
import { Page } from '../../pieces/page';
import { words } from '../../values/number';
import { Actions } from '../-run/actions';
import { Attempts } from '../-run/attempts';
import { Facts } from '../-run/facts';
import { Family } from '../-run/family';
import { Log } from '../-run/log';
import { Made } from '../-run/made';
import { Revealed } from '../-run/revealed';
import { Waterfall } from '../-run/waterfall';
import '../-run/run.css';

export const Route = createFileRoute('/runs/$id')({ component: Run });

function Run() {
  const { id } = Route.useParams();
  const query = useQuery(taskQuery(id));
  return (
    <Page
      title={query.data ? `${words(query.data.kind)} ${id.slice(0, 8)}` : `Run ${id.slice(0, 8)}`}
      actions={query.data && <Actions task={query.data} />}
    >
      <Loaded query={query}>{(task) => <Parts task={task} />}</Loaded>
    </Page>
  );
}

function Parts({ task }: { task: TaskDetail }) {
  return (
    <>
      <p className="run-why">
        <Badge state={task.state} /> <span data-why>{task.why}</span> <Copy text={task.id} what="run’s id" />
      </p>
      {task.error_message && (
        <p className="run-error">
          <b>{task.error_code}</b> {task.error_message}
        </p>
      )}
      <Facts task={task} />
      <Waterfall task={task} />
      <Made task={task} />
      {(task.children.length > 0 || task.parents.length > 0) && <Family task={task} />}
      <Attempts attempts={task.attempts} />
      <Log events={task.events} />
      <Revealed task={task} />
    </>
  );
}
