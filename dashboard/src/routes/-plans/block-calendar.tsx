// The weeks of a plan and the days that are trained.

import { WEEKDAYS, type Weekday, type WorkoutEntry } from '../../api/plans';
import { Panel } from '../../pieces/page';
import { shortDay } from '../../values/day';
import { words } from '../../values/number';
import './block.css';

interface Shown {
  entries: WorkoutEntry[];
  weeks: number[];
  week: number;
  onChoose: (week: number) => void;
}

export function BlockCalendar({ entries, weeks, week, onChoose }: Shown) {
  return (
    <Panel title="Calendar" aside="a week’s button shows its exercises">
      <div className="table-scroll" role="region" aria-label="Calendar" tabIndex={0}>
        <table className="block">
          <thead>
            <tr>
              <th scope="col">Week</th>
              {WEEKDAYS.map((day) => (
                <th key={day} scope="col">
                  <abbr title={words(day)}>{words(day.slice(0, 3))}</abbr>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeks.map((each) => (
              <tr key={each} className={each === week ? 'block-chosen' : undefined}>
                <th scope="row">
                  <button type="button" className="link" aria-pressed={each === week} onClick={() => onChoose(each)}>
                    Week {each}
                  </button>
                </th>
                {WEEKDAYS.map((day) => (
                  <Cell key={day} entries={entries.filter((entry) => entry.week_number === each && entry.day === day)} day={day} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Cell({ entries, day }: { entries: WorkoutEntry[]; day: Weekday }) {
  const first = entries[0];
  if (!first) {
    return (
      <td>
        <span className="unseen">rest</span>
      </td>
    );
  }
  const adjusted = entries.filter((entry) => entry.is_adjusted).length;
  return (
    <td className="block-trains">
      <b>{first.day_name ?? words(day)}</b>
      <small>
        {[first.date && shortDay(first.date), entries.length === 1 ? '1 exercise' : `${entries.length} exercises`]
          .filter(Boolean)
          .join(', ')}
      </small>
      {adjusted > 0 && <small className="adjusted">{adjusted} adjusted</small>}
    </td>
  );
}
