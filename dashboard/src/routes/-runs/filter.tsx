// The filter of the runs, as its address says it.

import { useQuery } from '@tanstack/react-query';
import { useId, type KeyboardEvent, type ReactNode } from 'react';
import { queuesQuery } from '../../api/queues';
import { STATES, type State, type TaskFilter } from '../../api/tasks';
import { micros } from '../../values/number';
import { toast } from '../../pieces/toast';
import './filter.css';

const KINDS = [
  'generate_weekly_plan',
  'generate_workout_plan',
  'generate_exercise_profile',
  'send_push',
  'check_push_receipts',
  'bulk_action',
];

interface Filtering {
  filter: TaskFilter;
  onChange: (filter: TaskFilter) => void;
}

export function Filter({ filter, onChange }: Filtering) {
  const queues = useQuery(queuesQuery);
  const change = (part: TaskFilter) => onChange({ ...filter, ...part });
  const isRare = [filter.user, filter.since, filter.until, filter.error_code, filter.min_cost].some((value) => value !== undefined);
  return (
    <form className="filter" onSubmit={(event) => event.preventDefault()} aria-label="Filter">
      <div className="filter-fields">
        <Select label="State" value={filter.state} options={STATES} onChange={(state) => change({ state: state as State | undefined })} />
        <Select label="Flow" value={filter.kind} options={KINDS} onChange={(kind) => change({ kind })} />
        <Select
          label="Queue"
          value={filter.queue}
          options={queues.data?.data.map((queue) => queue.name) ?? []}
          onChange={(queue) => change({ queue })}
        />
        <Text label="Beginning of an id or a user" value={filter.text} onChange={(text) => change({ text })} check={fourOrMore} />
      </div>
      <details open={isRare || undefined}>
        <summary>Time, user, error, cost</summary>
        <div className="filter-fields">
          <Moment label="Accepted since" value={filter.since} onChange={(since) => change({ since })} />
          <Moment label="Accepted before" value={filter.until} onChange={(until) => change({ until })} />
          <Text label="User (whole id)" value={filter.user} onChange={(user) => change({ user })} />
          <Text label="Error code" value={filter.error_code} onChange={(error_code) => change({ error_code })} />
          <Text
            label="Costs at least (dollars)"
            value={filter.min_cost === undefined ? undefined : String(filter.min_cost / 1_000_000)}
            onChange={(dollars) => change({ min_cost: micros(dollars ?? '') ?? undefined })}
            check={(dollars) => (micros(dollars) === null ? 'Write an amount such as 0.05.' : null)}
          />
        </div>
      </details>
      {Object.values(filter).some((value) => value !== undefined) && (
        <button type="button" className="button filter-clear" onClick={() => onChange({})}>
          Clear the filter
        </button>
      )}
    </form>
  );
}

function fourOrMore(text: string): string | null {
  return text.length < 4 ? 'Write at least four characters.' : null;
}

function Field({ label, id, children }: { label: string; id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
    </div>
  );
}

interface Choosing {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

function Select({ label, value, options, onChange }: Choosing & { options: readonly string[] }) {
  const id = useId();
  const shown = value === undefined || options.includes(value) ? options : [...options, value];
  return (
    <Field label={label} id={id}>
      <select id={id} className="input" value={value ?? ''} onChange={(event) => onChange(event.target.value || undefined)}>
        <option value="">any</option>
        {shown.map((option) => (
          <option key={option} value={option}>
            {option.replaceAll('_', ' ')}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** A field says what is in it when it is left. */
function leaveAtEnter(event: KeyboardEvent<HTMLInputElement>) {
  if (event.key === 'Enter') event.currentTarget.blur();
}

function Text({ label, value, onChange, check }: Choosing & { check?: (text: string) => string | null }) {
  const id = useId();
  const left = (text: string) => {
    if (text === (value ?? '')) return;
    const wrong = text === '' ? null : (check?.(text) ?? null);
    if (wrong) toast(wrong, 'bad');
    else onChange(text || undefined);
  };
  return (
    <Field label={label} id={id}>
      <input
        id={id}
        key={value ?? ''}
        className="input"
        defaultValue={value ?? ''}
        spellCheck={false}
        onKeyDown={leaveAtEnter}
        onBlur={(event) => left(event.target.value.trim())}
      />
    </Field>
  );
}

/** A moment in the viewer's zone; in the address it stands in UTC. */
function Moment({ label, value, onChange }: Choosing) {
  const id = useId();
  const left = (local: string) => {
    const next = local === '' ? undefined : new Date(local).toISOString();
    if (next !== (value && new Date(value).toISOString())) onChange(next);
  };
  return (
    <Field label={label} id={id}>
      <input
        id={id}
        key={value ?? ''}
        type="datetime-local"
        className="input"
        defaultValue={value ? localOf(value) : ''}
        onKeyDown={leaveAtEnter}
        onBlur={(event) => left(event.target.value)}
      />
    </Field>
  );
}

function localOf(at: string): string {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return '';
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
