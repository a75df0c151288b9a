// The way in where the page was served without a token: an admin key, kept until the tab is closed.

import { useState, type FormEvent } from 'react';
import { isKeyed, signIn } from '../api/access';
import { Command } from '../pieces/command';
import './sign-in.css';

export function SignIn({ refused }: { refused: string | null }) {
  const [key, setKey] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() !== '') signIn(key.trim());
  };
  return (
    <main className="sign-in">
      <h1>Mesocycle</h1>
      {refused && (
        <p className="sign-in-refused" role="alert">
          {refused}
        </p>
      )}
      {isKeyed() ? (
        <form onSubmit={submit}>
          <label className="field">
            <span>Admin key</span>
            <input
              className="input"
              type="password"
              autoComplete="off"
              required
              value={key}
              onChange={(event) => setKey(event.target.value)}
            />
          </label>
          <button type="submit" className="button button-main">
            Open the dashboard
          </button>
          <p className="quiet">Make one where Mesocycle runs; it may do what you name.</p>
          <Command text="mesocycle keys create dashboard --may read,act,reveal" />
          <p className="quiet">The key is kept in this tab alone, until it is closed.</p>
        </form>
      ) : (
        <button type="button" className="button button-main" onClick={() => location.reload()}>
          Load the page again
        </button>
      )}
    </main>
  );
}
