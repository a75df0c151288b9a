// Whose rows are listed: a user’s whole id, as the address says it.

import { useId, useState, type FormEvent } from 'react';
import './user-filter.css';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Filtering {
  user: string | undefined;
  onChange: (user: string | undefined) => void;
}

export function UserFilter({ user, onChange }: Filtering) {
  const id = useId();
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = String(new FormData(event.currentTarget).get('user')).trim();
    setWrong(said !== '' && !UUID.test(said));
    if (said === '' || UUID.test(said)) onChange(said || undefined);
  };
  return (
    <form className="user-filter" onSubmit={submit} aria-label="Filter">
      <div className="field">
        <label htmlFor={id}>User (whole id)</label>
        <input
          key={user}
          id={id}
          name="user"
          className="input mono"
          defaultValue={user}
          placeholder="6d2c0b5e-7f0a-4a53-9d1e-2f6f3b6f4c11"
          spellCheck={false}
          aria-invalid={wrong}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
        />
      </div>
      <button type="submit" className="button">
        Filter
      </button>
      {user && (
        <button type="button" className="button" onClick={() => onChange(undefined)}>
          All users
        </button>
      )}
      {wrong && (
        <p id={`${id}-wrong`} className="user-filter-wrong" role="alert">
          An id is a uuid such as 6d2c0b5e-7f0a-4a53-9d1e-2f6f3b6f4c11.
        </p>
      )}
    </form>
  );
}
