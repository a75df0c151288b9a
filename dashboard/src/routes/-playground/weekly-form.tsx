// A structured profile, for a week.

import { useId, useState, type FormEvent } from 'react';
import type { Wish } from '../../api/playground';
import { WEEKLY } from './examples';
import { draftOf, FIELDS, profileOf, type Draft, type Field } from './profile-fields';
import { StartFrom } from './start-from';
import { Submit, type Starter } from './submit';

export function WeeklyForm({ starter }: { starter: Starter }) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(WEEKLY[0]?.profile ?? {}));
  const [wrong, setWrong] = useState<string | null>(null);
  const write = (name: string, said: string) => setDraft({ ...draft, fields: { ...draft.fields, [name]: said } });
  const start = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    try {
      const wish: Wish = { weekly: profileOf(draft) };
      setWrong(null);
      starter.start(wish);
    } catch {
      setWrong('The further fields are no JSON object. Without any it is {}.');
    }
  };
  return (
    <form className="stack" onSubmit={start} aria-label="Profile">
      <StartFrom examples={WEEKLY} onChoose={(profile) => setDraft(draftOf(profile))} />
      {FIELDS.map(({ title, fields }) => (
        <fieldset key={title} className="play-group">
          <legend>{title}</legend>
          <div className="play-fields">
            {fields.map((field) => (
              <Input key={field.name} field={field} value={draft.fields[field.name] ?? ''} onChange={(said) => write(field.name, said)} />
            ))}
          </div>
        </fieldset>
      ))}
      <label className="field">
        <span>Further fields (JSON)</span>
        <textarea
          className="input"
          rows={5}
          spellCheck={false}
          value={draft.others}
          onChange={(event) => setDraft({ ...draft, others: event.target.value })}
        />
      </label>
      <Submit label="Make the week" wrong={wrong} starter={starter} />
    </form>
  );
}

function Input({ field, value, onChange }: { field: Field; value: string; onChange: (said: string) => void }) {
  const id = useId();
  return (
    <div className={field.wide ? 'field play-wide' : 'field'}>
      <label htmlFor={id}>{field.label}</label>
      {field.kind === 'choice' ? (
        <select id={id} className="input" value={value} required={field.required} onChange={(event) => onChange(event.target.value)}>
          <option value="">{field.required ? 'Choose one' : 'not said'}</option>
          {field.options?.map((option) => (
            <option key={option} value={option}>
              {option.replaceAll('_', ' ')}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          className="input"
          value={value}
          required={field.required}
          spellCheck={false}
          aria-describedby={field.hint ? `${id}-hint` : undefined}
          {...(field.kind === 'number' ? { type: 'number', min: field.range?.[0], max: field.range?.[1], step: 'any' } : {})}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {field.hint && <small id={`${id}-hint`}>{field.hint}</small>}
    </div>
  );
}
