// What all workers together may ask of each provider and model, and what of it is in use.

import { Link } from '@tanstack/react-router';
import type { Budget } from '../../api/queues';
import { Empty } from '../../pieces/empty';
import { Panel } from '../../pieces/page';
import { DataTable, type Column } from '../../pieces/table';
import { brief, count } from '../../values/number';
import { Ago, When } from '../../values/when';

const COLUMNS: Column<Budget>[] = [
  {
    id: 'name',
    header: 'Provider and model',
    cell: (budget) => (
      <Link to="/costs" data-row>
        {budget.name}
      </Link>
    ),
    sort: (budget) => budget.name,
  },
  { id: 'at-work', header: 'Calls at work', end: true, cell: (budget) => <AtWork budget={budget} />, sort: (budget) => budget.at_work },
  { id: 'requests', header: 'Requests a minute', end: true, cell: (budget) => <Most value={budget.requests} /> },
  { id: 'input', header: 'Input tokens a minute', end: true, cell: (budget) => <Most value={budget.input_tokens} /> },
  { id: 'output', header: 'Output tokens a minute', end: true, cell: (budget) => <Most value={budget.output_tokens} /> },
  { id: 'blocked', header: 'Blocked until', cell: (budget) => <When at={budget.blocked_until} /> },
  { id: 'free', header: 'Next call', cell: (budget) => (budget.free_at ? <Ago at={budget.free_at} /> : 'at once') },
];

export function Budgets({ budgets }: { budgets: Budget[] }) {
  return (
    <Panel title="Shared limits" aside="of all workers together">
      {budgets.length === 0 ? (
        <Empty title="No provider has been asked" command="OPENAI_API_KEY=sk-… mesocycle dev">
          Without a key the rules make every plan, and cost nothing. A limit is set with OPENAI_LIMITS=requests=500,input_tokens=200000.
        </Empty>
      ) : (
        <DataTable label="Shared limits" columns={COLUMNS} rows={budgets} id={(budget) => budget.name} />
      )}
    </Panel>
  );
}

function AtWork({ budget }: { budget: Budget }) {
  return budget.concurrent === null ? count(budget.at_work) : `${count(budget.at_work)} of ${count(budget.concurrent)}`;
}

function Most({ value }: { value: number | null }) {
  return value === null ? <span className="quiet">no limit</span> : brief(value);
}
