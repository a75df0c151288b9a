// Each exercise across the weeks: its sets and repetitions, and what happens to the weight.

import { WEEKDAYS, type WorkoutEntry } from '../../api/plans';
import { Panel } from '../../pieces/page';
import { DataTable, type Column } from '../../pieces/table';
import { words } from '../../values/number';
import { amount } from './amount';
import './progression.css';

interface Row {
  id: string;
  exercise: string;
  day: string;
  byWeek: Map<number, WorkoutEntry>;
}

export function Progression({ entries, weeks }: { entries: WorkoutEntry[]; weeks: number[] }) {
  const columns: Column<Row>[] = [
    {
      id: 'exercise',
      header: 'Exercise',
      cell: (row) => (
        <span className="progression">
          <b>{row.exercise}</b>
          <small>{row.day}</small>
        </span>
      ),
    },
    ...weeks.map((week) => ({ id: String(week), header: `Week ${week}`, cell: (row: Row) => <Week entry={row.byWeek.get(week)} /> })),
  ];
  return (
    <Panel title="Progression">
      <DataTable label="Progression by exercise" columns={columns} rows={rowsOf(entries)} id={(row) => row.id} />
    </Panel>
  );
}

function Week({ entry }: { entry: WorkoutEntry | undefined }) {
  if (!entry) return <span className="quiet">–</span>;
  return (
    <span className="progression progression-week">
      <span className="nowrap">{amount(entry)}</span>
      <small>{entry.weight}</small>
    </span>
  );
}

function rowsOf(entries: WorkoutEntry[]): Row[] {
  const rows = new Map<string, Row>();
  const inOrder = [...entries].sort((a, b) => WEEKDAYS.indexOf(a.day) - WEEKDAYS.indexOf(b.day) || a.position - b.position);
  for (const entry of inOrder) {
    const exercise = entry.exercise ?? 'An exercise that is gone';
    const id = `${entry.day} ${exercise}`;
    const row = rows.get(id) ?? { id, exercise, day: words(entry.day), byWeek: new Map<number, WorkoutEntry>() };
    row.byWeek.set(entry.week_number, entry);
    rows.set(id, row);
  }
  return [...rows.values()];
}
