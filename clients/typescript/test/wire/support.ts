/** A `mesocycle dev` of one file's own, users who signed in as an app's users do, and waiting without guessing how long. */

import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import postgres from 'postgres';
import { createClient as createClient2109, type RealtimeChannel, type SupabaseClient } from 'supabase-js-2.109';
import { createClient as createClient2119 } from 'supabase-js-2.119';
import WebSocket from 'ws';

export type Supabase = SupabaseClient;
export type CreateClient = typeof createClient2109;

/** The official client, unmodified: the older line, and the newest. */
export const versions: [string, CreateClient][] = [
  ['supabase-js 2.109.0', createClient2109],
  ['supabase-js 2.119.1', createClient2119 as unknown as CreateClient],
];

// Node 22's own WebSocket does not tell of the end of a connection that was refused (there is an error event, and no close as in
// browsers and on phones), so supabase-js would never try again.
const realtime = { transport: WebSocket as unknown as typeof globalThis.WebSocket };

/** Longer than anything here takes on a busy machine. */
const PATIENCE = 60_000;

/** Resolves with the first truthy answer. Rejects, in the words of `what`, when none comes. */
export async function eventually<T>(what: string, look: () => T | Promise<T>): Promise<Exclude<NonNullable<T>, false>> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found) {
      return found as Exclude<NonNullable<T>, false>;
    }
    if (Date.now() > deadline) {
      throw new Error(`This never came: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A running `mesocycle dev` in a folder of its own. */
export class Mesocycle {
  url = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'mesocycle-wire-'));
  private readonly settings: Record<string, string>;
  private process: ChildProcess | undefined;

  private constructor(settings: Record<string, string>) {
    this.settings = settings;
  }

  /** Started, and stopped when the file's tests are over. @param settings - By their names in the environment. */
  static async start(settings: Record<string, string> = {}): Promise<Mesocycle> {
    const mesocycle = new Mesocycle(settings);
    after(async () => {
      await mesocycle.stop();
      rmSync(mesocycle.folder, { recursive: true });
    });
    await mesocycle.run('0');
    return mesocycle;
  }

  private async run(port: string): Promise<void> {
    const program = process.env.MESOCYCLE ?? 'mesocycle';
    const log = openSync(join(this.folder, 'dev.log'), 'a');
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(MESOCYCLE_|SUPABASE_|DATABASE_URL|PG)/.test(name)),
    );
    Object.assign(env, { EXPO_PUSH_URL: 'http://127.0.0.1:9/' }, this.settings);
    this.process = spawn(program, ['dev', '--port', port], { cwd: this.folder, env, stdio: ['ignore', log, log] });
    this.url = await eventually('Mesocycle is ready', () => {
      const text = readFileSync(join(this.folder, 'dev.log'), 'utf8');
      if (this.process?.exitCode !== null) {
        throw new Error(`mesocycle dev ended:\n${text}`);
      }
      return text.split('Mesocycle is ready at ')[this.starts]?.split('\n')[0]?.trim();
    });
    this.starts++;
  }
  private starts = 1;

  async stop(): Promise<void> {
    if (this.process?.exitCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill('SIGTERM');
      await ended;
    }
  }

  /** On the same port, with the same keys and rows. */
  async startAgain(): Promise<void> {
    await this.run(new URL(this.url).port);
  }

  /** A value of `dev.env`. */
  env(name: string): string {
    const text = readFileSync(join(this.folder, '.mesocycle/dev.env'), 'utf8');
    return text.match(new RegExp(`^${name}='(.*)'$`, 'm'))?.[1] ?? '';
  }

  /** An app's client, signed out. */
  client(createClient: CreateClient, options: object = {}): Supabase {
    const client = createClient(this.url, this.env('SUPABASE_ANON_KEY'), {
      auth: { persistSession: false, autoRefreshToken: false },
      realtime,
      ...options,
    });
    after(() => client.realtime.disconnect());
    return client;
  }

  /** An app's client of a new user. */
  async user(createClient: CreateClient): Promise<Supabase & { id: string }> {
    const client = this.client(createClient);
    const { data, error } = await client.auth.signUp({ email: `${randomUUID()}@example.com`, password: randomUUID() });
    if (error || !data.user) {
      throw error ?? new Error('no user came back');
    }
    return Object.assign(client, { id: data.user.id });
  }

  /** The operator's client. */
  service(createClient: CreateClient): Supabase {
    return createClient(this.url, this.env('SUPABASE_SERVICE_ROLE_KEY'), { auth: { persistSession: false }, realtime });
  }

  /** Runs a statement behind everybody's back, as an operator may. */
  async operator(statement: string): Promise<void> {
    const url = new URL(this.env('DATABASE_URL'));
    const host = url.searchParams.get('host') ?? url.hostname;
    url.search = '';
    const database = postgres(url.href, { host, max: 1 });
    await database.unsafe(statement);
    await database.end();
  }

  /** A user's token as another issuer would sign it, good for so many seconds. */
  token(user: string, seconds: number): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const expires = Math.floor(Date.now() / 1000) + seconds;
    const claims = { sub: user, role: 'authenticated', aud: 'authenticated', exp: expires };
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    const signature = createHmac('sha256', this.env('SUPABASE_JWT_SECRET')).update(signed).digest('base64url');
    return `${signed}.${signature}`;
  }
}

/** The least profile. */
export const athlete = { goal: 'MUSCLE_GAIN', trainingDays: 4, equipment: ['Gym'] };

/** Asks for a weekly plan by the function; the job's id. */
export async function createJob(client: Supabase): Promise<string> {
  const { data, error } = await client.functions.invoke('create-plan-job', { body: { profileSnapshot: athlete } });
  if (error) {
    throw new Error(await error.context.text());
  }
  return data.jobId;
}

/** A row as Realtime tells of it. */
export interface Change {
  eventType: string;
  new: any;
  old: any;
  errors: unknown;
}

/** A channel with all that it told. */
export interface Listening {
  channel: RealtimeChannel;
  changes: Change[];
  statuses: string[];
  subscribed(): Promise<void>;
}

let count = 0;

/** Listens to a table's changes as an app does; resolves once it is SUBSCRIBED. */
export async function listen(client: Supabase, table: string, filter?: string, event = '*'): Promise<Listening> {
  const changes: Change[] = [];
  const statuses: string[] = [];
  const channel = client.channel(`wire-${++count}`);
  const binding = { event: event as '*', schema: 'public', table, ...(filter ? { filter } : {}) };
  channel.on('postgres_changes', binding, (change) => changes.push(change as unknown as Change));
  channel.subscribe((status, error) => statuses.push(error ? `${status}: ${error.message}` : status));
  const subscribed = async () => {
    await eventually(`SUBSCRIBED, not ${statuses}`, () => statuses.at(-1) === 'SUBSCRIBED');
  };
  await subscribed();
  return { channel, changes, statuses, subscribed };
}
