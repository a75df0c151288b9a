// Every exercise of one week, with what was changed for this athlete.

import { WEEKDAYS, type WorkoutEntry } from '../../api/plans';
import { Choice } from '../../pieces/choice';
import { Panel } from '../../pieces/page';
import { DataTable, type Column } from '../../pieces/table';
import { words } from '../../values/number';
import { amount } from './amount';

interface Shown {
  entries: WorkoutEntry[];
  weeks: number[];
  week: number;
  onChoose: (week: number) => void;
}

const COLUMNS: Column<WorkoutEntry>[] = [
  { id: 'day', header: 'Day', cell: (entry) => words(entry.day) },
  { id: 'exercise', header: 'Exercise', cell: (entry) => <Exercise entry={entry} /> },
  { id: 'amount', header: 'Sets', cell: (entry) => <span className="nowrap">{amount(entry)}</span> },
  { id: 'weight', header: 'Weight', cell: (entry) => entry.weight ?? <None /> },
  { id: 'equipment', header: 'Equipment', cell: (entry) => entry.equipment ?? <None /> },
  { id: 'notes', header: 'Notes', cell: (entry) => <small>{entry.notes ?? <None />}</small> },
];

export function WeekEntries({ entries, weeks, week, onChoose }: Shown) {
  const rows = entries
    .filter((entry) => entry.week_number === week)
    .sort((a, b) => WEEKDAYS.indexOf(a.day) - WEEKDAYS.indexOf(b.day) || a.position - b.position);
  const choice = <Choice label="Week" options={weeks.map(String)} value={String(week)} onChange={(chosen) => onChoose(Number(chosen))} />;
  return (
    <Panel title={`Week ${week}, exercise by exercise`} aside={choice}>
      <DataTable label={`Exercises of week ${week}`} columns={COLUMNS} rows={rows} id={(entry) => `${entry.day} ${entry.position}`} />
    </Panel>
  );
}

function Exercise({ entry }: { entry: WorkoutEntry }) {
  return (
    <span>
      <b>{entry.exercise ?? 'An exercise that is gone'}</b>
      {entry.is_adjusted && <small className="adjusted"> Adjusted{entry.adjustment_reason ? `: ${entry.adjustment_reason}` : ''}</small>}
    </span>
  );
}

function None() {
  return <span className="quiet">–</span>;
}
