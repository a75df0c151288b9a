// Numbers, money and durations as a person reads them.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function count(number: number): string {
  return whole.format(number);
}

/** `12.3K`, for tiles and axes. */
export function brief(number: number): string {
  return Math.abs(number) < 10_000 ? count(number) : compact.format(number);
}

/** Micro-dollars as dollars: to the cent, to a hundredth of one below a dollar, to two digits that say something below a cent. */
export function money(micros: number): string {
  const dollars = micros / 1_000_000;
  if (dollars === 0) return '$0';
  if (Math.abs(dollars) < 0.01) return `$${dollars.toPrecision(2).replace(/0+$/, '')}`;
  const most = Math.abs(dollars) < 1 ? 4 : 2;
  return dollars.toLocaleString('en', { style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: most });
}

/** What a person writes as dollars, as micro-dollars; none: not an amount. */
export function micros(dollars: string): number | null {
  const number = Number(dollars.replace('$', '').trim());
  return dollars.trim() === '' || !Number.isFinite(number) || number < 0 ? null : Math.round(number * 1_000_000);
}

export function share(part: number, all: number): string {
  if (all === 0) return '–';
  const percent = (100 * part) / all;
  return `${percent > 99 && percent < 100 ? Math.floor(percent * 10) / 10 : Math.round(percent)} %`;
}

/** Seconds as `340 ms`, `12.3 s`, `4 min 5 s`, `3 h 20 min`, `2 d 4 h`. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return '–';
  if (seconds < 0) return '0 s';
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const [big, small, bigName, smallName] =
    seconds < 3600
      ? [Math.floor(seconds / 60), Math.floor(seconds % 60), 'min', 's']
      : seconds < 86_400
        ? [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), 'h', 'min']
        : [Math.floor(seconds / 86_400), Math.floor((seconds % 86_400) / 3600), 'd', 'h'];
  return small === 0 ? `${big} ${bigName}` : `${big} ${bigName} ${small} ${smallName}`;
}

/** `generate_weekly_plan` as `Generate weekly plan`. */
export function words(name: string): string {
  const text = name.replaceAll(/[_-]/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
