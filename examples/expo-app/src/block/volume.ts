/** How much a block asks for, by week and by day. */

import type { Bar } from '../ui/bar-chart.tsx';
import { nameOf, WEEKDAYS, type Weekday } from '../week/weekday.ts';
import type { Entry } from './store.ts';

function setsOf(entries: Entry[]): number {
  return entries.reduce((sum, entry) => sum + (entry.sets ?? 0), 0);
}

/** One bar a week. */
export function weekBars(entries: Entry[]): Bar<number>[] {
  const weeks = [...new Set(entries.map((entry) => entry.week_number))].sort((one, other) => one - other);
  return weeks.map((week) => ({
    key: week,
    name: `W${week}`,
    value: setsOf(entries.filter((entry) => entry.week_number === week)),
  }));
}

/** One bar a day of the week, days without training too. */
export function dayBars(entries: Entry[]): Bar<Weekday>[] {
  return WEEKDAYS.map((weekday) => ({
    key: weekday,
    name: nameOf(weekday).slice(0, 3),
    value: setsOf(entries.filter((entry) => entry.day === weekday)),
  }));
}
