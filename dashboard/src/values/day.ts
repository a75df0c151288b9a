// A date without a time, the same in every zone.

const format = new Intl.DateTimeFormat('en', { weekday: 'short', month: 'short', day: 'numeric', year: 'numeric', timeZone: 'UTC' });
const short = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' });

/** `2026-11-23` as `Mon, Nov 23, 2026`; none where there is none. */
export function day(date: string | null | undefined): string | null {
  return date ? format.format(new Date(`${date}T00:00:00Z`)) : null;
}

/** `2026-11-23` as `Nov 23`. */
export function shortDay(date: string): string {
  return short.format(new Date(`${date}T00:00:00Z`));
}
