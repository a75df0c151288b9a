// A moment in the viewer's zone; its title says it in UTC.

import { useNow } from './now';

const near = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const far = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
const sameYear = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });

interface Moment {
  at: string | null | undefined;
}

/** `12:04:09` today, `Nov 22, 12:04` else. */
export function When({ at }: Moment) {
  return <Time at={at}>{(moment) => clock(moment)}</Time>;
}

/** `5 min ago`, `in 2 h`. */
export function Ago({ at }: Moment) {
  const now = useNow();
  return <Time at={at}>{(moment) => ago(moment.getTime() - now)}</Time>;
}

function Time({ at, children }: Moment & { children: (moment: Date) => string }) {
  if (!at) return <span className="quiet">–</span>;
  const moment = new Date(at);
  return (
    <time dateTime={at} title={utc(at)}>
      {children(moment)}
    </time>
  );
}

export function clock(moment: Date): string {
  const today = new Date();
  if (moment.toDateString() === today.toDateString()) return near.format(moment);
  return (moment.getFullYear() === today.getFullYear() ? sameYear : far).format(moment);
}

function utc(at: string): string {
  return `${at.replace('T', ' ').replace(/(\.\d{3})?\d*Z$/, '$1')} UTC`;
}

function ago(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  const size = Math.abs(seconds);
  if (size < 5) return 'now';
  if (size < 60) return relative.format(Math.round(seconds), 'second');
  if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86_400), 'day');
}
