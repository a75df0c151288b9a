// What was spent, by day, flow and model.

import { Link } from '@tanstack/react-router';
import type { Spent } from '../../api/figures';
import { Panel } from '../../pieces/page';
import { DataTable, type Column } from '../../pieces/table';
import { day } from '../../values/day';
import { count, money, words } from '../../values/number';

const COLUMNS: Column<Spent>[] = [
  { id: 'at', header: 'Day (UTC)', cell: (row) => <Runs row={row} />, sort: (row) => row.at },
  { id: 'kind', header: 'Flow', cell: (row) => words(row.kind), sort: (row) => row.kind },
  { id: 'model', header: 'Model', cell: (row) => row.model, sort: (row) => row.model },
  { id: 'calls', header: 'Calls', end: true, cell: (row) => count(row.calls), sort: (row) => row.calls },
  { id: 'input', header: 'Input tokens', end: true, cell: (row) => count(row.input_tokens), sort: (row) => row.input_tokens },
  { id: 'output', header: 'Output tokens', end: true, cell: (row) => count(row.output_tokens), sort: (row) => row.output_tokens },
  { id: 'cost', header: 'Dollars', end: true, cell: (row) => money(row.cost), sort: (row) => row.cost },
];

export function CostRows({ rows }: { rows: Spent[] }) {
  return (
    <Panel title="By day, flow and model" aside="a day leads to the runs that were accepted on it">
      <DataTable label="Costs" columns={COLUMNS} rows={rows} id={(row) => `${row.at} ${row.kind} ${row.model}`} />
    </Panel>
  );
}

function Runs({ row }: { row: Spent }) {
  const until = new Date(Date.parse(row.at) + 86_400_000).toISOString();
  return (
    <Link to="/runs" search={{ kind: row.kind, since: new Date(row.at).toISOString(), until, min_cost: 1 }} data-row>
      {day(row.at.slice(0, 10))}
    </Link>
  );
}
