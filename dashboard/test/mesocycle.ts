// A `mesocycle dev` of one file's own with the emulator as its models, asked as apps ask, and looked at behind the page's back.

import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** Longer than anything here takes on a busy machine. */
export const PATIENCE = Number(process.env.PATIENCE_MS ?? 60_000);

/** Resolves with the first truthy answer. Rejects, in the words of `what`, when none comes. */
export async function eventually<T>(what: string, look: () => T | Promise<T>): Promise<Exclude<NonNullable<T>, false>> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found) return found as Exclude<NonNullable<T>, false>;
    if (Date.now() > deadline) throw new Error(`This never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What the API says, read without types: the types are what is tested. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Said = any;

const CLEAN = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(MESOCYCLE_|SUPABASE_|DATABASE_URL|PG|OPENAI|DEEPSEEK)/.test(name)),
);

/** A program that is stopped when the file's tests are over. */
class Program {
  readonly process: ChildProcess;
  private readonly log: string;

  constructor(path: string, args: string[], folder: string, name: string, env: Record<string, string> = {}) {
    this.log = join(folder, `${name}.log`);
    const log = openSync(this.log, 'w');
    this.process = spawn(path, args, { cwd: folder, env: { ...CLEAN, ...env }, stdio: ['ignore', log, log] });
  }

  /** What follows `mark` on its line, once the program has said it. */
  says(mark: string): Promise<string> {
    return eventually(`"${mark}"`, () => {
      const text = readFileSync(this.log, 'utf8');
      if (this.process.exitCode !== null) throw new Error(`It ended:\n${text}`);
      return text.split(mark)[1]?.split('\n')[0]?.trim();
    });
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await ended;
  }
}

export class Mesocycle {
  url = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'mesocycle-dashboard-'));
  private readonly programs: Program[] = [];

  /** Started, and stopped when the file's tests are over. A model writes so many tokens in a second. `env`: settings of its own. */
  static async start(tokensPerSecond: number, env: Record<string, string> = {}): Promise<Mesocycle> {
    const mesocycle = new Mesocycle();
    after(() => mesocycle.stop());
    const emulator = mesocycle.run(
      process.env.EMULATOR ?? 'emulator',
      ['--port', '0', '--tokens-per-second', String(tokensPerSecond)],
      'emulator',
    );
    const openai = await emulator.says('OPENAI_BASE_URL=');
    const dev = mesocycle.run(process.env.MESOCYCLE ?? 'mesocycle', ['dev', '--port', '0'], 'dev', {
      OPENAI_API_KEY: 'sk-emulated',
      OPENAI_BASE_URL: openai,
      EXPO_PUSH_URL: await emulator.says('EXPO_PUSH_URL='),
      ...env,
    });
    mesocycle.url = await dev.says('Mesocycle is ready at ');
    return mesocycle;
  }

  private run(path: string, args: string[], name: string, env: Record<string, string> = {}): Program {
    const program = new Program(path, args, this.folder, name, env);
    this.programs.push(program);
    return program;
  }

  /** A second process on the same database, as it is run outside of development; its address. */
  async serve(): Promise<string> {
    const args = ['serve', '--port', '0'];
    const env = { DATABASE_URL: this.env('DATABASE_URL'), SUPABASE_JWT_SECRET: this.env('SUPABASE_JWT_SECRET') };
    const program = this.run(process.env.MESOCYCLE ?? 'mesocycle', args, 'serve', env);
    return (await program.says('"message":"serving","url":"')).split('"')[0] ?? '';
  }

  /** What a command prints. */
  async command(...args: string[]): Promise<string> {
    const env = { ...CLEAN, DATABASE_URL: this.env('DATABASE_URL') };
    const child = spawn(process.env.MESOCYCLE ?? 'mesocycle', args, { cwd: this.folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (part) => (said += part));
    await once(child, 'close');
    return said;
  }

  private async stop(): Promise<void> {
    for (const program of this.programs.reverse()) await program.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** A value of `dev.env`. */
  env(name: string): string {
    const text = readFileSync(join(this.folder, '.mesocycle/dev.env'), 'utf8');
    return text.match(new RegExp(`^${name}='(.*)'$`, 'm'))?.[1] ?? '';
  }

  /** Asks a function as a user; a new one unless said. */
  async ask(name: string, body: object, user: string = randomUUID()): Promise<Said> {
    const answer = await fetch(`${this.url}/functions/v1/${name}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${this.token(user)}` },
      body: JSON.stringify(body),
    });
    return answer.json();
  }

  /** A week that a model makes; its run's id. */
  async week(): Promise<string> {
    const { jobId } = await this.ask('create-plan-job', { profileSnapshot: { goal: 'MUSCLE_GAIN', trainingDays: 4, equipment: ['Gym'] } });
    return jobId;
  }

  /** A week that ends as failed at once: a doctor's word comes first. */
  async failing(): Promise<string> {
    const profileSnapshot = { goal: 'MUSCLE_GAIN', trainingDays: 3, injuries: 'chest pain when I climb stairs' };
    return (await this.ask('create-plan-job', { profileSnapshot })).jobId;
  }

  /** Eight weeks that a model makes; the run's id. */
  async block(): Promise<string> {
    const userProfile = 'I am 34, 82 kg, I train 4 days a week in a gym and want to get stronger.';
    return (await this.ask('trigger-workout-plan', { userProfile })).request_id;
  }

  /** A user who has asked for a week, and gets a new one every Sunday. */
  async weekly(): Promise<string> {
    const user = randomUUID();
    await this.ask('create-plan-job', { profileSnapshot: { goal: 'ENDURANCE', trainingDays: 3 } }, user);
    await this.ask('schedule-regeneration', { cron: '0 18 * * SUN', timeZone: 'Europe/Berlin' }, user);
    return user;
  }

  /** What the admin API says, asked beside the page. */
  async admin(path: string, method = 'GET', body?: object): Promise<Said> {
    const init = {
      method,
      headers: { Authorization: `Bearer ${this.env('SUPABASE_SERVICE_ROLE_KEY')}` },
      body: body && JSON.stringify(body),
    };
    return (await fetch(`${this.url}/admin/v1${path}`, init as RequestInit)).json();
  }

  /** The run once it is in one of these states. */
  reaches(id: string, ...states: string[]): Promise<Said> {
    return eventually(`${id} is ${states.join(' or ')}`, async () => {
      const task = await this.admin(`/tasks/${id}`);
      return states.includes(task.state) && task;
    });
  }

  /** A row of the contract's tables, as the service role reads it. */
  async row(table: string, id: string): Promise<Said> {
    return ((await (await this.rest(`${table}?id=eq.${id}`)).json()) as Said[])[0];
  }

  /** Writes rows of the contract's tables, as the service role. */
  async write(method: 'POST' | 'PATCH', path: string, rows: object): Promise<void> {
    const answer = await this.rest(path, { method, body: JSON.stringify(rows) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  }

  private rest(path: string, init: { method?: string; body?: string } = {}): Promise<Response> {
    const key = this.env('SUPABASE_SERVICE_ROLE_KEY');
    const headers = { apikey: key, Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
    return fetch(`${this.url}/rest/v1/${path}`, { ...init, headers });
  }

  private token(user: string): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { sub: user, role: 'authenticated', aud: 'authenticated', exp: Math.floor(Date.now() / 1000) + 3600 };
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    return `${signed}.${createHmac('sha256', this.env('SUPABASE_JWT_SECRET')).update(signed).digest('base64url')}`;
  }
}
