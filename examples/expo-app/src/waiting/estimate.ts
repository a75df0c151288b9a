/** How long a plan may take, from what is known: how long this athlete's own last plans took. */

/** A row that has ended. */
export interface Ended {
  created_at: string;
  completed_at: string | null;
}

/** Milliseconds; the middle of the durations, undefined where there is none. */
export function estimateOf(ended: Ended[]): number | undefined {
  const durations = ended
    .filter((row) => row.completed_at !== null)
    .map((row) => timeOf(row.completed_at as string) - timeOf(row.created_at))
    .sort((one, other) => one - other);
  return durations[Math.floor(durations.length / 2)];
}

/** Milliseconds since 1970 of PostgreSQL's timestamps, whose microseconds not every phone can read. */
export function timeOf(timestamp: string): number {
  return Date.parse(timestamp.replace(/(\.\d{3})\d+/, '$1'));
}

/** `45 s`, `2 min 5 s`. */
export function spoken(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** What the screen says about the time that is left; it promises nothing. */
export function estimateSentence(estimate: number | undefined, elapsed: number): string {
  if (estimate === undefined) {
    return 'How long it takes is not known yet: often less than a minute, sometimes several.';
  }
  return elapsed <= estimate
    ? `Your last plans took about ${spoken(estimate)}.`
    : `It is taking longer than your last plans did (about ${spoken(estimate)}).`;
}

/** 0 to 0.95 by the clock, undefined without an estimate: only the server knows when it is done. */
export function fractionByClock(estimate: number | undefined, elapsed: number): number | undefined {
  return estimate === undefined ? undefined : Math.min(elapsed / Math.max(estimate, 1), 0.95);
}
