/** How much a week asks for. */

import type { Day, WeekDays } from '@mesocycle/client';
import type { Bar } from '../ui/bar-chart.tsx';
import { nameOf, WEEKDAYS, type Weekday } from './weekday.ts';

export function setsOf(day: Day): number {
  return day.workout.blocks.flatMap((block) => block.items).reduce((sum, item) => sum + item.sets, 0);
}

export function barsOf(days: WeekDays): Bar<Weekday>[] {
  return WEEKDAYS.map((weekday) => ({
    key: weekday,
    name: nameOf(weekday).slice(0, 3),
    value: setsOf(days[weekday]),
  }));
}
