// Makes a schedule, or changes one.

import { useState, type FormEvent, type ReactNode } from 'react';
import { writeSchedule, type Misfire, type Schedule, type ScheduleWrite } from '../../api/schedules';
import { useAction } from '../../pieces/action';

interface Fields {
  name: string;
  kind: string;
  cron: string;
  timeZone: string;
  misfire: Misfire;
  cap: string;
  input: string;
}

const MISFIRES: Record<Misfire, string> = {
  skip: 'leave out what was missed',
  one: 'make up for it once',
  all: 'make up for each, up to',
};

export function ScheduleForm({ schedule, onDone }: { schedule?: Schedule; onDone: () => void }) {
  const [fields, setFields] = useState<Fields>(() => fieldsOf(schedule));
  const [wrong, setWrong] = useState<string | null>(null);
  const write = useAction({
    act: (body: ScheduleWrite) => writeSchedule(fields.name.trim(), body),
    done: () => `${fields.name.trim()} is written.`,
    changes: ['schedules'],
    then: onDone,
  });
  const change = (part: Partial<Fields>) => setFields({ ...fields, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = bodyOf(fields);
    setWrong(body === null ? 'The input is no JSON. An empty object is {}.' : null);
    if (body) write.mutate(body);
  };
  return (
    <form className="stack" onSubmit={submit}>
      {!schedule && <Text label="Name" value={fields.name} onChange={(name) => change({ name })} hint="Such as monday-report." />}
      <Text label="Flow" value={fields.kind} onChange={(kind) => change({ kind })} hint="A kind of task, such as check_push_receipts." />
      <Text
        label="When (cron)"
        value={fields.cron}
        onChange={(cron) => change({ cron })}
        hint="Minute, hour, day, month, weekday: 0 18 * * 0 is Sunday at 18:00."
      />
      <Text label="Time zone" value={fields.timeZone} onChange={(timeZone) => change({ timeZone })} hint="Such as Europe/Berlin." />
      <Field label="When it could not fire in time">
        <span className="row">
          <select
            className="input"
            style={{ width: 'auto' }}
            aria-label="When it could not fire in time"
            value={fields.misfire}
            onChange={(event) => change({ misfire: event.target.value as Misfire })}
          >
            {Object.entries(MISFIRES).map(([misfire, says]) => (
              <option key={misfire} value={misfire}>
                {says}
              </option>
            ))}
          </select>
          {fields.misfire === 'all' && (
            <input
              className="input"
              style={{ width: '6rem' }}
              type="number"
              min="1"
              max="1000"
              aria-label="Up to"
              value={fields.cap}
              onChange={(event) => change({ cap: event.target.value })}
            />
          )}
        </span>
      </Field>
      <label className="field">
        <span>Input (JSON)</span>
        <textarea
          className="input"
          rows={4}
          spellCheck={false}
          value={fields.input}
          onChange={(event) => change({ input: event.target.value })}
        />
      </label>
      {(wrong ?? write.error?.message) && (
        <p className="refused" role="alert">
          {wrong ?? write.error?.message}
        </p>
      )}
      <div className="dialog-actions">
        <button type="submit" className="button button-main" disabled={write.isPending}>
          {schedule ? 'Change it' : 'Make it'}
        </button>
      </div>
    </form>
  );
}

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="field">
      <span>{label}</span>
      {children}
    </div>
  );
}

function Text({ label, value, onChange, hint }: { label: string; value: string; onChange: (value: string) => void; hint: string }) {
  return (
    <label className="field">
      <span>{label}</span>
      <input className="input" required spellCheck={false} value={value} onChange={(event) => onChange(event.target.value)} />
      <small>{hint}</small>
    </label>
  );
}

function fieldsOf(schedule: Schedule | undefined): Fields {
  return {
    name: schedule?.name ?? '',
    kind: schedule?.kind ?? '',
    cron: schedule?.cron ?? '',
    timeZone: schedule?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    misfire: schedule?.misfire ?? 'one',
    cap: String(schedule?.misfire_cap ?? 10),
    input: JSON.stringify(schedule?.input ?? {}, null, 2),
  };
}

/** What is sent; null where the input is no JSON. */
function bodyOf(fields: Fields): ScheduleWrite | null {
  try {
    const body: ScheduleWrite = {
      kind: fields.kind.trim(),
      cron: fields.cron.trim(),
      time_zone: fields.timeZone.trim(),
      misfire: fields.misfire,
      input: JSON.parse(fields.input) as unknown,
    };
    return fields.misfire === 'all' ? { ...body, misfire_cap: Number(fields.cap) } : body;
  } catch {
    return null;
  }
}
