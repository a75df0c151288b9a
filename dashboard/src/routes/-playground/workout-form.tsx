// A text in the athlete's own words, for eight weeks.

import { useState, type FormEvent } from 'react';
import { WORKOUT } from './examples';
import { StartFrom } from './start-from';
import { Submit, type Starter } from './submit';

/** The contract's: more is refused. */
const LONGEST = 20_000;

export function WorkoutForm({ starter }: { starter: Starter }) {
  const [text, setText] = useState(WORKOUT[0]?.profile ?? '');
  const [timeZone, setTimeZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [style, setStyle] = useState('');
  const start = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const more = { ...(timeZone.trim() && { time_zone: timeZone.trim() }), ...(style.trim() && { system_prompt: style.trim() }) };
    starter.start({ workout: { text, ...more } });
  };
  return (
    <form className="stack" onSubmit={start} aria-label="Profile">
      <StartFrom examples={WORKOUT} onChoose={setText} />
      <label className="field">
        <span>What the athlete writes (English, German, French or Spanish)</span>
        <textarea className="input" rows={6} required maxLength={LONGEST} value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <div className="play-fields">
        <label className="field">
          <span>Time zone</span>
          <input className="input" value={timeZone} spellCheck={false} onChange={(event) => setTimeZone(event.target.value)} />
          <small>Week 1 begins on the next Monday there.</small>
        </label>
        <label className="field">
          <span>Style note</span>
          <input className="input" value={style} onChange={(event) => setStyle(event.target.value)} />
          <small>Such as “Short sentences.” It replaces no rule.</small>
        </label>
      </div>
      <Submit label="Make the eight weeks" wrong={null} starter={starter} />
    </form>
  );
}
