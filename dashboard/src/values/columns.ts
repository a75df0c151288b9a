// Figures of hours and days as the columns of a chart, with the hours and days on which nothing was.

import type { Series } from '../pieces/chart';

export const HOUR = 3600;
export const DAY = 86_400;

export interface Columns {
  /** Seconds since 1970. */
  times: number[];
  span: number;
  series: Series[];
}

/** The columns of rows that each stand for a time and a name; at most six names, the smallest are put together. */
export function columns<Row extends { at: string }>(
  rows: Row[],
  hours: number,
  span: number,
  name: (row: Row) => string,
  value: (row: Row) => number,
): Columns {
  const times = timesOf(rows, hours, span);
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(name(row), (sums.get(name(row)) ?? 0) + value(row));
  const names = [...sums].filter(([, sum]) => sum > 0).sort(([, a], [, b]) => b - a);
  const own = names.slice(0, names.length > 6 ? 5 : 6).map(([each]) => each);
  const shown = names.length > 6 ? [...own, 'others'] : own;
  const series = shown.map((each) => ({ name: each, values: times.map(() => 0) }));
  for (const row of rows) {
    const place = shown.indexOf(own.includes(name(row)) ? name(row) : 'others');
    const at = Math.floor((Date.parse(row.at) / 1000 - (times[0] ?? 0)) / span);
    const values = series[place]?.values;
    if (values && at in values) values[at] = (values[at] ?? 0) + value(row);
  }
  return { times, span, series };
}

function timesOf(rows: { at: string }[], hours: number, span: number): number[] {
  const last = Math.floor(Date.now() / 1000 / span) * span;
  const earliest = Math.min(last, ...rows.map((row) => Date.parse(row.at) / 1000));
  const first = Math.floor(Math.min(earliest, last - hours * HOUR + span) / span) * span;
  return Array.from({ length: Math.round((last - first) / span) + 1 }, (_, place) => first + place * span);
}
