/** A supabase-js that is held in the hand: rows, answers, channels and what is broken are the test's, and so is the clock. */

import { mock } from 'node:test';
import { init } from '@mesocycle/client';

type Row = Record<string, unknown>;
type Answer = { data?: unknown; error?: unknown };

/** Lets everything run that waits for nothing but promises. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets time pass: first what is open, then the timers, then what they started. */
export async function pass(milliseconds: number): Promise<void> {
  await settle();
  mock.timers.tick(milliseconds);
  await settle();
}

export class FakeChannel {
  static readonly bindings = new WeakMap<FakeChannel, object>();
  isRemoved = false;
  private changed: () => void = () => {};
  private told: ((status: string) => void) | undefined;

  readonly topic: string;

  constructor(topic: string) {
    this.topic = topic;
  }

  on(_kind: string, binding: object, callback: () => void): this {
    FakeChannel.bindings.set(this, binding);
    this.changed = callback;
    return this;
  }

  subscribe(callback: (status: string) => void): this {
    this.told = callback;
    return this;
  }

  get isJoining(): boolean {
    return this.told !== undefined;
  }

  status(status: string): void {
    this.told?.(status);
  }

  change(): void {
    this.changed();
  }
}

export class FakeSupabase {
  readonly tables: Record<string, Row[]> = {};
  readonly channels: FakeChannel[] = [];
  readonly asked: { name: string; body: unknown }[] = [];
  answer: (name: string, body: unknown) => Answer | Promise<Answer> = () => ({ data: null });
  /** How many reads there were. */
  reads = 0;
  /** While true, every read fails as without a network. */
  isOffline = false;
  /** While true, a read gets no answer at all. */
  isSilent = false;
  session: { user: { id: string } } | null = { user: { id: 'user-1' } };
  setAuth: () => Promise<void> = async () => {};

  readonly auth = { getSession: async () => ({ data: { session: this.session } }) };
  readonly realtime = { setAuth: () => this.setAuth() };
  readonly functions = { invoke: (name: string, { body }: { body: unknown }) => this.ask(name, body) };

  rpc(name: string, parameters: unknown) {
    return this.ask(name, parameters);
  }

  private async ask(name: string, body: unknown): Promise<Answer> {
    this.asked.push({ name, body });
    return { data: null, error: null, ...(await this.answer(name, body)) };
  }

  from(table: string) {
    return new Query(this, () => structuredClone(this.tables[table] ?? []));
  }

  channel(topic: string): FakeChannel {
    const channel = new FakeChannel(topic);
    this.channels.push(channel);
    return channel;
  }

  async removeChannel(channel: FakeChannel): Promise<string> {
    channel.isRemoved = true;
    channel.status('CLOSED');
    return 'ok';
  }

  /** The channels that were not removed. */
  get open(): FakeChannel[] {
    return this.channels.filter((channel) => !channel.isRemoved);
  }
}

class Query {
  private readonly filters: ((row: Row) => boolean)[] = [];

  private readonly fake: FakeSupabase;
  private readonly rows: () => Row[];

  constructor(fake: FakeSupabase, rows: () => Row[]) {
    this.fake = fake;
    this.rows = rows;
  }

  select(_columns: string): this {
    return this;
  }

  eq(column: string, value: unknown): this {
    this.filters.push((row) => row[column] === value);
    return this;
  }

  in(column: string, values: unknown[]): this {
    this.filters.push((row) => values.includes(row[column]));
    return this;
  }

  gte(column: string, value: string): this {
    this.filters.push((row) => String(row[column]) >= value);
    return this;
  }

  order(_column: string, _options: object): this {
    return this;
  }

  limit(_count: number): this {
    return this;
  }

  maybeSingle(): this {
    return this;
  }

  then<A, B>(done: (answer: Answer) => A, failed: (error: unknown) => B): Promise<A | B> {
    this.fake.reads++;
    if (this.fake.isSilent) {
      return new Promise<A | B>(() => {});
    }
    const newest = this.rows()
      .filter((row) => this.filters.every((filter) => filter(row)))
      .sort((one, other) => String(other.created_at).localeCompare(String(one.created_at)))[0];
    const answer = this.fake.isOffline
      ? { data: null, error: { message: 'TypeError: fetch failed', details: '', code: '' } }
      : { data: newest ?? null, error: null };
    return Promise.resolve(answer).then(done, failed);
  }
}

/** A fresh fake, which the package then uses, at 2026-11-22 10:00 UTC. */
export function fresh(): FakeSupabase {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 10, 22, 10) });
  const fake = new FakeSupabase();
  init(fake as any);
  return fake;
}

/** A job's row as it is first. */
export function job(changes: Row = {}): Row {
  return {
    id: 'job-1',
    user_id: 'user-1',
    status: 'pending',
    created_at: '2026-11-22T09:59:59.123456+00:00',
    result_plan_id: null,
    error_message: null,
    error_code: null,
    retry_count: 0,
    locked_until: null,
    ...changes,
  };
}

/** A plan's row. */
export function plan(): Row {
  return {
    id: 'plan-1',
    user_id: 'user-1',
    created_at: '2026-11-22T10:00:30+00:00',
    days: { monday: {} },
    is_locked: false,
    version: 1,
    status: 'generated',
    week_start_date: '2026-11-16',
    generation_job_id: 'job-1',
    last_redo_date: null,
  };
}

/** A request's row. */
export function request(changes: Row = {}): Row {
  return {
    id: 'request-row',
    request_id: 'request-1',
    user_id: 'user-1',
    status: 'processing',
    created_at: '2026-11-22T09:59:59+00:00',
    workout_plan_id: null,
    error_message: null,
    error_code: null,
    current_step: 0,
    total_steps: 3,
    ...changes,
  };
}
