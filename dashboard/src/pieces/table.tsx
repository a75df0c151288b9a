// A table: columns that can be sorted where the whole list is there, rows that can be selected, cards at a phone's width.
// Rows are reached by `j` and `k` through the link that each begins with (`data-row` on it).

import {
  createSortedRowModel,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type Header,
  type Row,
  type RowSelectionState,
} from '@tanstack/react-table';
import { useMemo, type ReactNode } from 'react';
import './table.css';

const features = tableFeatures({ rowSelectionFeature, rowSortingFeature, sortedRowModel: createSortedRowModel() });
type Features = typeof features;

export interface Column<T> {
  id: string;
  /** Above the column, and before the value at a phone's width. */
  header: string;
  cell: (row: T) => ReactNode;
  /** Numbers stand at the end. */
  end?: boolean;
  /** What the column is sorted by; only for lists that are there as a whole. */
  sort?: (row: T) => string | number;
}

export interface Selection {
  ids: string[];
  onChange: (ids: string[]) => void;
}

interface Listed<T> {
  /** What the table lists, for a screen reader. */
  label: string;
  columns: Column<T>[];
  rows: T[];
  id: (row: T) => string;
  selection?: Selection | undefined;
}

export function DataTable<T extends object>({ label, columns, rows, id, selection }: Listed<T>) {
  const definitions = useMemo(() => columns.map(definition), [columns]);
  const chosen: RowSelectionState = Object.fromEntries((selection?.ids ?? []).map((each) => [each, true]));
  const table = useTable<Features, T>({
    features,
    columns: definitions,
    data: rows,
    getRowId: id,
    enableRowSelection: selection !== undefined,
    state: { rowSelection: chosen },
    onRowSelectionChange: (change) => {
      const next = typeof change === 'function' ? change(chosen) : change;
      selection?.onChange(Object.keys(next).filter((each) => next[each]));
    },
  });
  const ends = new Set(columns.filter((column) => column.end).map((column) => column.id));
  const heads = new Map(columns.map((column) => [column.id, column.header]));
  return (
    <div className="table-scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="table" role="table" aria-label={label}>
        <thead role="rowgroup">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} role="row">
              {selection && (
                <th role="columnheader" className="table-select">
                  <input
                    type="checkbox"
                    aria-label="Select all that are shown"
                    checked={table.getIsAllRowsSelected()}
                    onChange={table.getToggleAllRowsSelectedHandler()}
                  />
                </th>
              )}
              {group.headers.map((header) => (
                <Head key={header.id} header={header} end={ends.has(header.id)} title={heads.get(header.id) ?? ''} />
              ))}
            </tr>
          ))}
        </thead>
        <tbody role="rowgroup">
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} role="row" className={row.getIsSelected() ? 'table-chosen' : undefined}>
              {selection && <SelectCell row={row} />}
              {row.getAllCells().map((cell) => (
                <td
                  key={cell.id}
                  role="cell"
                  data-head={heads.get(cell.column.id)}
                  className={ends.has(cell.column.id) ? 'end' : undefined}
                >
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function definition<T extends object>(column: Column<T>): ColumnDef<Features, T> {
  const cell = ({ row }: { row: Row<Features, T> }) => column.cell(row.original);
  const { sort } = column;
  if (!sort) return { id: column.id, header: column.header, cell, enableSorting: false };
  return { id: column.id, header: column.header, cell, accessorFn: sort, sortFn: (a, b) => order(sort(a.original), sort(b.original)) };
}

function order(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}

function Head<T extends object>({ header, end, title }: { header: Header<Features, T>; end: boolean; title: string }) {
  const sorted = header.column.getIsSorted();
  const className = end ? 'end' : undefined;
  if (!header.column.getCanSort()) {
    return (
      <th role="columnheader" scope="col" className={className}>
        {title}
      </th>
    );
  }
  return (
    <th
      role="columnheader"
      scope="col"
      className={className}
      aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'}
    >
      <button type="button" className="table-sort" onClick={header.column.getToggleSortingHandler()}>
        {title}
        <span aria-hidden="true">{sorted === 'asc' ? ' ↑' : sorted === 'desc' ? ' ↓' : ''}</span>
      </button>
    </th>
  );
}

function SelectCell<T extends object>({ row }: { row: Row<Features, T> }) {
  return (
    <td role="cell" className="table-select">
      <input type="checkbox" aria-label={`Select ${row.id}`} checked={row.getIsSelected()} onChange={row.getToggleSelectedHandler()} />
    </td>
  );
}
