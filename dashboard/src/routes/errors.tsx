// Errors: what went wrong in a window, by code and flow, and what each code means.

import { useQuery } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { errorsQuery, windowOf, WINDOWS, type ErrorGroup } from '../api/figures';
import { Choice } from '../pieces/choice';
import { Empty } from '../pieces/empty';
import { Loaded } from '../pieces/loaded';
import { Marked } from '../pieces/marked';
import { Page, Panel } from '../pieces/page';
import { RunLink } from '../pieces/run-link';
import { DataTable, type Column } from '../pieces/table';
import { meaning } from '../values/error-code';
import { count, words } from '../values/number';
import { Ago, When } from '../values/when';
import './-errors/errors.css';

export const Route = createFileRoute('/errors')({ component: Errors, validateSearch: windowOf });

const COLUMNS: Column<ErrorGroup>[] = [
  { id: 'code', header: 'Error', cell: (group) => <Code group={group} />, sort: (group) => group.code },
  { id: 'kind', header: 'Flow', cell: (group) => words(group.kind), sort: (group) => group.kind },
  { id: 'failed', header: 'Failed', end: true, cell: (group) => count(group.failed), sort: (group) => group.failed },
  { id: 'retried', header: 'Retried', end: true, cell: (group) => count(group.retried), sort: (group) => group.retried },
  { id: 'first', header: 'Since', cell: (group) => <When at={group.first_at} />, sort: (group) => group.first_at },
  { id: 'last', header: 'Last', cell: (group) => <Ago at={group.last_at} />, sort: (group) => group.last_at },
  {
    id: 'run',
    header: 'Last run',
    cell: (group) => (group.last_task ? <RunLink id={group.last_task} /> : <span className="quiet">–</span>),
  },
];

function Errors() {
  const { window = '24h' } = Route.useSearch();
  const navigate = Route.useNavigate();
  const choose = (next: typeof window) => void navigate({ search: { window: next } });
  return (
    <Page title="Errors" actions={<Choice label="Window" options={WINDOWS} value={window} onChange={choose} />}>
      <Panel title="By code and flow" aside="a code leads to the runs that ended with it">
        <Loaded query={useQuery(errorsQuery(window))}>
          {(errors) =>
            errors.data.length === 0 ? (
              <Empty title="Nothing went wrong in this window">
                What is tried again counts here too, so that a provider that limps is seen before a plan fails.
              </Empty>
            ) : (
              <DataTable label="Errors" columns={COLUMNS} rows={errors.data} id={(group) => `${group.code} ${group.kind}`} />
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

function Code({ group }: { group: ErrorGroup }) {
  return (
    <div className="error-code">
      <Link to="/runs" search={{ error_code: group.code, kind: group.kind }} className="mono" data-row>
        {group.code}
      </Link>
      <small>
        <Marked text={meaning(group.code) ?? 'A code that is not ours: an outside worker said it.'} />
      </small>
    </div>
  );
}
