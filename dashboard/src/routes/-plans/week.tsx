// The parts of a weekly plan.

import { WEEKDAYS, type WeeklyPlan } from '../../api/plans';
import { Empty } from '../../pieces/empty';
import { Panel } from '../../pieces/page';
import { DayPanel } from './day-panel';
import { MuscleVolume } from './muscle-volume';
import { storedDay } from './stored-day';
import { Verdict } from './verdict';
import { WeekStrip } from './week-strip';

export function Week({ plan }: { plan: WeeklyPlan }) {
  const days = WEEKDAYS.flatMap((name) => {
    const day = storedDay((plan.days as WeeklyPlan['days'] | null)?.[name]);
    return day ? [{ name, day }] : [];
  });
  if (days.length === 0) {
    return (
      <Panel title="The week">
        <Empty title="This plan has no days">An app stored it so; what Mesocycle makes has all seven.</Empty>
      </Panel>
    );
  }
  return (
    <>
      <Panel title="The week">
        <WeekStrip days={days} />
      </Panel>
      <div className="two">
        <Verdict review={plan.review} />
        <MuscleVolume sets={plan.sets_per_muscle} />
      </div>
      {days.map(({ name, day }) => (
        <DayPanel key={name} name={name} day={day} />
      ))}
    </>
  );
}
