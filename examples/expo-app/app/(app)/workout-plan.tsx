/** Eight weeks, by week and by day. */

import { useLocalSearchParams } from 'expo-router';
import { useCallback, useState } from 'react';
import { BlockDayView } from '../../src/block/day-view';
import { readBlock } from '../../src/block/store';
import { dayBars, weekBars } from '../../src/block/volume';
import { BarChart } from '../../src/ui/bar-chart';
import { Card } from '../../src/ui/card';
import { NotLoaded } from '../../src/ui/not-loaded';
import { Screen } from '../../src/ui/screen';
import { Heading, Words } from '../../src/ui/words';
import { useLoaded } from '../../src/use-loaded';
import type { Weekday } from '../../src/week/weekday';

export default function WorkoutPlan() {
  const { workoutPlanId } = useLocalSearchParams<{ workoutPlanId: string }>();
  const load = useCallback(() => readBlock(workoutPlanId), [workoutPlanId]);
  const { value: plan, hasFailed, reload } = useLoaded(load);
  const [week, setWeek] = useState(1);
  const [chosen, setChosen] = useState<Weekday>();

  if (plan === undefined) {
    return <NotLoaded title="Your eight weeks" hasFailed={hasFailed} reload={reload} />;
  }
  if (plan === null) {
    return (
      <Screen>
        <Heading level={1}>This plan is not there any more</Heading>
      </Screen>
    );
  }
  const entries = plan.entries.filter((entry) => entry.week_number === week);
  const day = chosen ?? entries[0]?.day ?? 'monday';
  return (
    <Screen>
      <Heading level={1}>Your eight weeks</Heading>
      {plan.block.summary && <Words kind="quiet">{plan.block.summary}</Words>}
      <Card>
        <Words kind="small">Sets a week. Tap a week to see it.</Words>
        <BarChart
          label="Weeks, with their sets"

          bars={weekBars(plan.entries)}
          chosen={week}
          onChoose={setWeek}
        />
      </Card>
      <Card>
        <Words kind="small">Sets a day in week {week}.</Words>
        <BarChart label="Days, with their sets" bars={dayBars(entries)} chosen={day} onChoose={setChosen} />
      </Card>
      <BlockDayView weekday={day} entries={entries.filter((entry) => entry.day === day)} />
    </Screen>
  );
}
