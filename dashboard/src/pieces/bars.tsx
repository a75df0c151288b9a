// Amounts side by side, each with its name: a bar as long as its share of the largest.

import './bars.css';

export interface Bar {
  name: string;
  value: number;
  /** More about it, in a few words. */
  note?: string;
}

export function Bars({ label, bars, format }: { label: string; bars: Bar[]; format: (value: number) => string }) {
  const most = Math.max(...bars.map((bar) => bar.value), 1e-9);
  return (
    <ul className="bars" aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.name}>
          <span className="bars-name">{bar.name}</span>
          <span className="bars-room" aria-hidden="true">
            <span style={{ width: `${(100 * bar.value) / most}%` }} />
          </span>
          <b>{format(bar.value)}</b>
          {bar.note && <small>{bar.note}</small>}
        </li>
      ))}
    </ul>
  );
}
