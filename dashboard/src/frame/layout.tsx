// What surrounds every page: the way to the others, search, whether the news come in, light or dark.

import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { isKeyed, signOut } from '../api/access';
import { toast, Toasts } from '../pieces/toast';
import { Help } from './help';
import { useKeys } from './keys';
import { useChanges, useIsLive } from './live';
import { chooseTheme, THEMES, useTheme, type Theme } from './theme';
import './layout.css';

const PAGES = [
  ['/', 'Overview'],
  ['/runs', 'Runs'],
  ['/plans', 'Plans'],
  ['/exercises', 'Exercises'],
  ['/queues', 'Queues'],
  ['/schedules', 'Schedules'],
  ['/providers', 'Providers'],
  ['/errors', 'Errors'],
  ['/costs', 'Costs'],
  ['/workers', 'Workers'],
  ['/settings', 'Settings'],
  ['/playground', 'Playground'],
] as const;

export function Layout({ children }: { children: ReactNode }) {
  const [help, setHelp] = useState(false);
  useKeys(useCallback(() => setHelp(true), []));
  useChanges();
  return (
    <div className="layout">
      <a className="skip" href="#content">
        To the content
      </a>
      <header className="top">
        <Link to="/" className="brand" aria-label="Mesocycle">
          <img src="/dashboard/icon.svg" alt="" width="22" height="22" />
          <span>Mesocycle</span>
        </Link>
        <Search />
        <Live />
        <ThemeChoice />
        <button type="button" className="button top-help" aria-label="Keyboard help" onClick={() => setHelp(true)}>
          ?
        </button>
        {isKeyed() && (
          <button type="button" className="button" onClick={signOut}>
            Sign out
          </button>
        )}
      </header>
      <Pages />
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <Help open={help} onOpenChange={setHelp} />
      <Toasts />
    </div>
  );
}

/** At a phone's width they stand in a line, which is moved to where one is. */
function Pages() {
  const nav = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  useEffect(() => {
    nav.current?.querySelector('.active')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [path]);
  return (
    <nav ref={nav} className="nav" aria-label="Pages">
      {PAGES.map(([to, name]) => (
        <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
          {name}
        </Link>
      ))}
    </nav>
  );
}

/** Finds runs wherever one is. */
function Search() {
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = field.current?.value.trim() ?? '';
    if (text.length < 4) return toast('Write at least four characters: the beginning of a run’s id or of a user’s.', 'bad');
    void navigate({ to: '/runs', search: { text } });
  };
  return (
    <form role="search" className="search" onSubmit={submit}>
      <input
        ref={field}
        data-search
        className="input"
        type="search"
        aria-label="Search runs"
        placeholder="Run or user id"
        spellCheck={false}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}

function Live() {
  const live = useIsLive();
  return (
    <span
      className={live ? 'live live-on' : 'live'}
      role="status"
      title={live ? 'Changes come in as they happen' : 'The stream of changes is being opened'}
    >
      {live ? 'Live' : 'Connecting…'}
    </span>
  );
}

function ThemeChoice() {
  const theme = useTheme();
  return (
    <select className="input theme" aria-label="Colours" value={theme} onChange={(event) => chooseTheme(event.target.value as Theme)}>
      {THEMES.map((each) => (
        <option key={each} value={each}>
          {each.charAt(0).toUpperCase() + each.slice(1)}
        </option>
      ))}
    </select>
  );
}
