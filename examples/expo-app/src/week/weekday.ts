/** The days of a week, in their order. */

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/** `Monday` for `monday`. */
export function nameOf(weekday: Weekday): string {
  return weekday.charAt(0).toUpperCase() + weekday.slice(1);
}

/** Today's. */
export function weekdayOf(date: Date): Weekday {
  return WEEKDAYS[(date.getDay() + 6) % 7] as Weekday;
}

/** The Monday of a date's week, as `2026-11-23`. */
export function mondayOf(date: Date): string {
  const monday = new Date(date.getFullYear(), date.getMonth(), date.getDate() - ((date.getDay() + 6) % 7));
  const part = (value: number) => String(value).padStart(2, '0');
  return `${monday.getFullYear()}-${part(monday.getMonth() + 1)}-${part(monday.getDate())}`;
}

/** `23 November` for `2026-11-23`. */
export function spokenDate(date: string): string {
  return new Date(`${date}T12:00:00`).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' });
}
