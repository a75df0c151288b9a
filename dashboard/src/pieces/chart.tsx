// Columns over time, stacked by name, drawn when they are seen first. The same numbers stand in a table beside it.

import { lazy, Suspense } from 'react';
import { clock } from '../values/when';
import './chart.css';

export interface Series {
  name: string;
  /** One for each of `times`. */
  values: number[];
  /** A colour of the theme, such as `--failed`; none: the next of the palette. */
  color?: string;
}

export interface Charted {
  /** What it shows, in a few words. */
  label: string;
  /** Seconds since 1970, rising. */
  times: number[];
  /** How long a column lasts, in seconds. */
  span: number;
  series: Series[];
  /** How a value is written. */
  format: (value: number) => string;
}

const PALETTE = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5', '--series-6'];

const Columns = lazy(() => import('./chart-columns'));

export function colorOf(series: Series, place: number): string {
  return series.color ?? PALETTE[place % PALETTE.length] ?? '--series-1';
}

export function Chart(charted: Charted) {
  return (
    <figure className="chart" aria-label={charted.label}>
      <Suspense fallback={<div className="chart-room" />}>
        <Columns {...charted} />
      </Suspense>
      <Legend {...charted} />
      <details className="chart-numbers">
        <summary>As numbers</summary>
        <Numbers {...charted} />
      </details>
    </figure>
  );
}

function Legend({ series, format }: Charted) {
  return (
    <ul className="chart-legend">
      {series.map((each, place) => (
        <li key={each.name}>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect width="10" height="10" rx="2" style={{ fill: `var(${colorOf(each, place)})` }} />
          </svg>
          {each.name} <b>{format(each.values.reduce((sum, value) => sum + value, 0))}</b>
        </li>
      ))}
    </ul>
  );
}

function Numbers({ label, times, series, format }: Charted) {
  return (
    <div className="table-scroll" role="region" aria-label={`${label}, as numbers`} tabIndex={0}>
      <table className="chart-table">
        <thead>
          <tr>
            <th scope="col">From</th>
            {series.map((each) => (
              <th key={each.name} scope="col">
                {each.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, place) => (
            <tr key={time}>
              <th scope="row">{clock(new Date(time * 1000))}</th>
              {series.map((each) => (
                <td key={each.name}>{format(each.values[place] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
