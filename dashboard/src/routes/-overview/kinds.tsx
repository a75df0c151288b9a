// The figures of the window by flow.

import { Link } from '@tanstack/react-router';
import type { Overview, Totals } from '../../api/figures';
import { Panel } from '../../pieces/page';
import { DataTable, type Column } from '../../pieces/table';
import { count, duration, money, share, words } from '../../values/number';

interface Row extends Totals {
  cost: number;
}

const COLUMNS: Column<Row>[] = [
  {
    id: 'kind',
    header: 'Flow',
    cell: ({ kind }) => (
      <Link to="/runs" search={kind ? { kind } : {}} data-row>
        {words(kind ?? '')}
      </Link>
    ),
    sort: (row) => row.kind ?? '',
  },
  { id: 'succeeded', header: 'Succeeded', end: true, cell: (row) => count(row.succeeded), sort: (row) => row.succeeded },
  { id: 'failed', header: 'Failed', end: true, cell: (row) => count(row.failed), sort: (row) => row.failed },
  {
    id: 'success',
    header: 'Success',
    end: true,
    cell: (row) => share(row.succeeded, row.succeeded + row.failed),
    sort: (row) => row.succeeded / Math.max(1, row.succeeded + row.failed),
  },
  { id: 'p50', header: 'p50', end: true, cell: (row) => duration(row.p50_seconds), sort: (row) => row.p50_seconds ?? 0 },
  { id: 'p95', header: 'p95', end: true, cell: (row) => duration(row.p95_seconds), sort: (row) => row.p95_seconds ?? 0 },
  { id: 'cost', header: 'Spent', end: true, cell: (row) => money(row.cost), sort: (row) => row.cost },
];

export function Kinds({ overview }: { overview: Overview }) {
  const rows = overview.kinds.map((totals) => ({
    ...totals,
    cost: overview.spent.filter((row) => row.kind === totals.kind).reduce((sum, row) => sum + row.cost, 0),
  }));
  return (
    <Panel title="By flow">
      <DataTable label="Figures by flow" columns={COLUMNS} rows={rows} id={(row) => row.kind ?? ''} />
    </Panel>
  );
}
