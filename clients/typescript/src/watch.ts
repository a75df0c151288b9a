/**
 * Waiting for a row to end. Realtime only says when to look: it replays nothing after a break, and may leave columns out.
 * The truth is read by REST, and read again on every (re)connection and, as the net below, on a timer.
 */

import { type Supabase, supabase } from './supabase.js';

/** Milliseconds between looks while Realtime is away: the first, and the longest, which also serves while it is there. */
const FIRST_INTERVAL = 2_000;
const LONGEST_INTERVAL = 15_000;

/** May be given to everything that waits. */
export interface WaitOptions {
  /** Ends the waiting; the job goes on. */
  signal?: AbortSignal;
}

interface Watched<State> extends WaitOptions {
  /** Where the row is: `id=eq.<uuid>` of a table. */
  table: string;
  filter: string;
  /** Reads what there is now; null when there is no such row. A rejection is tried again. */
  read(): Promise<State | null>;
  isEnded(state: State): boolean;
  /** Called with the first state and with each one that differs from the last. */
  onChange: ((state: State) => void) | undefined;
  /** May be Infinity. Whatever it is, the row is read once more before giving up. */
  maxWaitMs: number;
}

/** How the waiting ended, and what was read last. */
export interface WatchEnd<State> {
  reason: 'ended' | 'missing' | 'timed out' | 'aborted';
  state: State | undefined;
}

/**
 * Resolves when the row has ended, is not there, or the waiting is over; then no timer and no channel is left.
 * Rejects only when there is no client.
 */
export function watch<State>(watched: Watched<State>): Promise<WatchEnd<State>> {
  return new Promise((resolve) => new Watch(watched, supabase(), resolve).start());
}

let count = 0;

class Watch<State> {
  private readonly deadline: number;
  private state: State | undefined;
  private stateText: string | undefined;
  private isOver = false;
  private isReading = false;
  private isOutdated = false;
  /** Whether Realtime would tell of a change now. */
  private isLive = false;
  private interval = FIRST_INTERVAL;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private channel: ReturnType<Supabase['channel']> | undefined;

  constructor(
    private readonly watched: Watched<State>,
    private readonly client: Supabase,
    private readonly resolve: (end: WatchEnd<State>) => void,
  ) {
    this.deadline = Date.now() + watched.maxWaitMs;
  }

  start(): void {
    const { signal } = this.watched;
    if (signal?.aborted) {
      this.end('aborted');
      return;
    }
    signal?.addEventListener('abort', this.abort);
    this.subscribe();
    this.look();
  }

  private readonly abort = () => this.end('aborted');

  private end(reason: WatchEnd<State>['reason']): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.watched.signal?.removeEventListener('abort', this.abort);
    this.unsubscribe();
    this.resolve({ reason, state: this.state });
  }

  /** Reads, one at a time; what happens meanwhile asks for one more. */
  private async look(): Promise<void> {
    this.isOutdated = true;
    if (this.isReading) {
      return;
    }
    this.isReading = true;
    while (this.isOutdated && !this.isOver) {
      this.isOutdated = false;
      await this.readOnce();
    }
    this.isReading = false;
    this.schedule();
  }

  private async readOnce(): Promise<void> {
    const isLast = Date.now() >= this.deadline;
    let found: State | null | undefined;
    try {
      found = await this.watched.read();
    } catch {
      // The connection may be back at the next look.
    }
    if (this.isOver) {
      return;
    }
    if (found === null) {
      return this.end('missing');
    }
    if (found !== undefined) {
      this.see(found);
    }
    if (found !== undefined && this.watched.isEnded(found)) {
      this.end('ended');
    } else if (isLast) {
      this.end('timed out');
    }
  }

  private see(found: State): void {
    this.state = found;
    const text = JSON.stringify(found);
    if (text === this.stateText) {
      return;
    }
    this.stateText = text;
    this.interval = FIRST_INTERVAL;
    try {
      this.watched.onChange?.(found);
    } catch (thrown) {
      console.error(thrown);
    }
  }

  private schedule(): void {
    if (!this.isOver) {
      const pause = this.isLive ? LONGEST_INTERVAL : this.interval;
      clearTimeout(this.timer);
      this.timer = setTimeout(this.onTimer, Math.max(0, Math.min(pause, this.deadline - Date.now())));
    }
  }

  private readonly onTimer = () => {
    this.interval = Math.min(this.interval * 1.5, LONGEST_INTERVAL);
    this.subscribe();
    this.look();
  };

  private async subscribe(): Promise<void> {
    if (this.channel !== undefined) {
      return;
    }
    const { table, filter } = this.watched;
    try {
      const channel = this.client.channel(`mesocycle:${filter}:${++count}`);
      this.channel = channel;
      channel.on('postgres_changes', { event: '*', schema: 'public', table, filter }, () => this.look());
      // A session that was restored from storage is not told to Realtime by itself: the join would go out as anon.
      await this.client.realtime.setAuth();
      if (channel === this.channel) {
        channel.subscribe((status) => this.onStatus(channel, status));
      }
    } catch {
      // No Realtime now: the timer looks, and tries again.
      this.unsubscribe();
    }
  }

  private onStatus(channel: Watch<State>['channel'], status: string): void {
    if (channel !== this.channel) {
      return;
    }
    const wasLive = this.isLive;
    this.isLive = status === 'SUBSCRIBED';
    // A channel in error joins again by itself, one that was closed never does: the timer makes a new one.
    if (status === 'CLOSED') {
      this.unsubscribe();
    }
    if (this.isLive || wasLive) {
      this.interval = FIRST_INTERVAL;
      this.look();
    }
  }

  private unsubscribe(): void {
    const { channel } = this;
    this.channel = undefined;
    this.isLive = false;
    if (channel !== undefined) {
      this.client.removeChannel(channel).catch(() => undefined);
    }
  }
}
