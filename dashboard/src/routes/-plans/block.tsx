// The parts of a workout plan.

import { useState } from 'react';
import type { WorkoutPlan } from '../../api/plans';
import { Empty } from '../../pieces/empty';
import { Panel } from '../../pieces/page';
import { BlockCalendar } from './block-calendar';
import { Progression } from './progression';
import { VolumeByWeek } from './volume-by-week';
import { WeekEntries } from './week-entries';

export function Block({ plan }: { plan: WorkoutPlan }) {
  const weeks = [...new Set(plan.entries.map((entry) => entry.week_number))].sort((a, b) => a - b);
  const [week, setWeek] = useState(weeks[0] ?? 1);
  if (weeks.length === 0) {
    return (
      <Panel title="Eight weeks">
        <Empty title="This plan has no entries">Its user may have removed them.</Empty>
      </Panel>
    );
  }
  return (
    <>
      {plan.summary && <p className="plan-summary">{plan.summary}</p>}
      <div className="block-parts">
        <BlockCalendar entries={plan.entries} weeks={weeks} week={week} onChoose={setWeek} />
        <VolumeByWeek entries={plan.entries} weeks={weeks} />
      </div>
      <WeekEntries entries={plan.entries} weeks={weeks} week={week} onChoose={setWeek} />
      <Progression entries={plan.entries} weeks={weeks} />
    </>
  );
}
