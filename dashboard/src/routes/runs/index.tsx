// Runs: what fits the filter of the address, newest first, with what can be done to many at once.

import { useInfiniteQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { STATES, tasksQuery, type State, type TaskFilter } from '../../api/tasks';
import { Empty } from '../../pieces/empty';
import { Page, Panel } from '../../pieces/page';
import { Pages } from '../../pieces/pages';
import { Bulk } from '../-runs/bulk';
import { Filter } from '../-runs/filter';
import { RunsTable } from '../-runs/runs-table';

const text = (value: unknown) => (value === undefined || value === '' ? undefined : String(value));

export const Route = createFileRoute('/runs/')({
  component: Runs,
  // What an address does not say rightly is left out rather than refused.
  validateSearch: (search: Record<string, unknown>): TaskFilter => ({
    kind: text(search.kind),
    state: STATES.find((state): state is State => state === search.state),
    queue: text(search.queue),
    user: text(search.user),
    since: text(search.since),
    until: text(search.until),
    error_code: text(search.error_code),
    min_cost: typeof search.min_cost === 'number' && search.min_cost > 0 ? Math.round(search.min_cost) : undefined,
    text: text(search.text),
  }),
});

function Runs() {
  const filter = Route.useSearch();
  const navigate = Route.useNavigate();
  const [chosen, setChosen] = useState<string[]>([]);
  const query = useInfiniteQuery(tasksQuery(filter));
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const change = (next: TaskFilter) => {
    setChosen([]);
    void navigate({ search: next });
  };
  return (
    <Page title="Runs">
      <Filter filter={filter} onChange={change} />
      <Panel
        title={isFiltered ? 'Runs that fit' : 'All runs'}
        aside={<Bulk filter={filter} chosen={chosen} onDone={() => setChosen([])} />}
      >
        <Pages query={query} empty={isFiltered ? <NothingFits clear={() => change({})} /> : <NothingYet />}>
          {(rows) => <RunsTable rows={rows} selection={{ ids: chosen, onChange: setChosen }} />}
        </Pages>
      </Panel>
    </Page>
  );
}

function NothingFits({ clear }: { clear: () => void }) {
  return (
    <>
      <Empty title="No run fits this filter">Ended runs are kept for as long as the setting keep_tasks_days says.</Empty>
      <button type="button" className="button" onClick={clear} style={{ justifySelf: 'center' }}>
        Clear the filter
      </button>
    </>
  );
}

function NothingYet() {
  return (
    <Empty title="Nothing has run yet" command="./demo">
      Every plan that an app asks for is a run; so is every push. Ask for one on the playground, or start the demonstration.
    </Empty>
  );
}
