/** A week, day by day. Notifications name this screen, so its path is part of the contract. */

import { useLocalSearchParams } from 'expo-router';
import { useCallback, useState } from 'react';
import { BarChart } from '../../src/ui/bar-chart';
import { Card } from '../../src/ui/card';
import { NotLoaded } from '../../src/ui/not-loaded';
import { Screen } from '../../src/ui/screen';
import { Heading, Words } from '../../src/ui/words';
import { useLoaded } from '../../src/use-loaded';
import { DayView } from '../../src/week/day-view';
import { readWeek } from '../../src/week/store';
import { barsOf } from '../../src/week/volume';
import { nameOf, spokenDate, weekdayOf } from '../../src/week/weekday';

export default function PlanPreview() {
  const { planId } = useLocalSearchParams<{ planId: string }>();
  const load = useCallback(() => readWeek(planId), [planId]);
  const { value: week, hasFailed, reload } = useLoaded(load);
  const [chosen, setChosen] = useState(() => weekdayOf(new Date()));

  if (week === undefined) {
    return <NotLoaded title="Your week" hasFailed={hasFailed} reload={reload} />;
  }
  if (week === null) {
    return (
      <Screen>
        <Heading level={1}>This week is not there any more</Heading>
      </Screen>
    );
  }
  const bars = barsOf(week.days);
  const total = bars.reduce((sum, bar) => sum + bar.value, 0);
  return (
    <Screen>
      <Heading level={1}>{week.weekStartDate ? `The week of ${spokenDate(week.weekStartDate)}` : 'Your week'}</Heading>
      <Card>
        <Words kind="small">Sets a day, {total} in all. Tap a day to see it.</Words>
        <BarChart label="Days, with their sets" bars={bars} chosen={chosen} onChoose={setChosen} />
      </Card>
      <DayView name={nameOf(chosen)} day={week.days[chosen]} />
    </Screen>
  );
}
