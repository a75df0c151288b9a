// How many sets each week asks for.

import type { WorkoutEntry } from '../../api/plans';
import { Bars } from '../../pieces/bars';
import { Panel } from '../../pieces/page';

const sets = (value: number) => `${value} sets`;

export function VolumeByWeek({ entries, weeks }: { entries: WorkoutEntry[]; weeks: number[] }) {
  const bars = weeks.map((week) => {
    const of = entries.filter((entry) => entry.week_number === week);
    return {
      name: `Week ${week}`,
      value: of.reduce((sum, entry) => sum + (entry.sets ?? 0), 0),
      note: `on ${new Set(of.map((entry) => entry.day)).size} days`,
    };
  });
  return (
    <Panel title="Volume by week">
      <Bars label="Sets by week" bars={bars} format={sets} />
    </Panel>
  );
}
