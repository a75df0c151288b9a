// A state as a coloured word.

import './badge.css';

const TONES: Record<string, string> = {
  running: 'running',
  open: 'succeeded',
  alive: 'succeeded',
  active: 'succeeded',
  reviewed: 'succeeded',
  not_reviewed: 'waiting',
  no_worker: 'failed',
  gone: 'failed',
  succeeded: 'succeeded',
  done: 'succeeded',
  failed: 'failed',
  lost: 'failed',
  parked: 'parked',
  waiting: 'waiting',
  retried: 'waiting',
  paused: 'waiting',
};

export function Badge({ state }: { state: string }) {
  return <span className={`badge badge-${TONES[state] ?? 'plain'}`}>{state.replaceAll('_', ' ')}</span>;
}
