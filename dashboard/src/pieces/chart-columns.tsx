// The drawn part of a chart, with uPlot on a canvas.

import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useIsDark } from '../frame/theme';
import { DAY } from '../values/columns';
import { colorOf, type Charted } from './chart';

const HEIGHT = 200;

export default function Columns({ times, span, series, format }: Charted) {
  const room = useRef<HTMLDivElement>(null);
  const dark = useIsDark();
  useEffect(() => {
    const element = room.current;
    if (!element) return;
    const plot = new uPlot(options(element, { label: '', times, span, series, format }), stacked(times, span, series), element);
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [times, span, series, format, dark]);
  return <div ref={room} className="chart-room" aria-hidden="true" />;
}

/** Each series on top of those before it; the tallest is drawn first, so that the others stand before it. */
function stacked(times: number[], span: number, series: Charted['series']): uPlot.AlignedData {
  const sums = times.map(() => 0);
  const rising = series.map((each) => each.values.map((value, place) => (sums[place] = (sums[place] ?? 0) + value)));
  return [times.map((time) => time + span / 2), ...rising.reverse()];
}

function options(element: HTMLElement, { times, span, series, format }: Charted): uPlot.Options {
  const color = (name: string) => resolved(element, name);
  const axis = { stroke: color('--quiet'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
  const columns = series.map((each, place): uPlot.Series => ({
    label: each.name,
    fill: color(colorOf(each, place)),
    width: 0,
    points: { show: false },
    paths: uPlot.paths.bars?.({ size: [0.8, 48] }) ?? (() => null),
  }));
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { range: () => [times[0] ?? 0, (times.at(-1) ?? 0) + span] },
      y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.05 : 1] },
    },
    // A day's figures are of a day in UTC, an hour's are the same everywhere.
    ...(span === DAY ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') } : {}),
    axes: [
      {
        ...axis,
        grid: { show: false },
        ...(span === DAY ? { values: days, splits: () => middles(times), space: 60 } : { values: hours, space: 60 }),
      },
      { ...axis, size: 60, incrs: (_plot, _axis, _low, high) => steps(high), values: (_plot, values) => values.map(format) },
    ],
    series: [{}, ...columns.reverse()],
  };
}

/** The distances that lines may have: of what reaches 1, whole ones. */
function steps(high: number): number[] {
  const powers = Array.from({ length: 19 }, (_, place) => place - 6);
  const all = powers.flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
  return all.filter((step) => high < 1 || step >= 1);
}

const dayName = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' });

/** The middles of at most eight columns. */
function middles(times: number[]): number[] {
  const every = Math.ceil(times.length / 8);
  return times.filter((_, place) => place % every === 0).map((time) => time + DAY / 2);
}

const hourName = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dateName = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

/** The hour, and at midnight the day. */
function hours(_plot: uPlot, seconds: number[]): string[] {
  return seconds.map((each) => {
    const moment = new Date(each * 1000);
    return (moment.getHours() === 0 && moment.getMinutes() === 0 ? dateName : hourName).format(moment);
  });
}

function days(_plot: uPlot, seconds: number[]): string[] {
  return seconds.map((each) => dayName.format(new Date(each * 1000)));
}

/** A colour of the theme as a canvas takes it. */
function resolved(element: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}
