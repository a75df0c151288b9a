/** The package as npm would publish it, in an empty project: it installs, type-checks and runs, as ESM and as CommonJS. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as client from '@mesocycle/client';

const root = join(import.meta.dirname, '..');
const project = mkdtempSync(join(tmpdir(), 'mesocycle-client-'));
after(() => rmSync(project, { recursive: true }));

function run(program: string, ...parameters: string[]): string {
  try {
    // A test that is started by a test would otherwise report to it instead of telling by its exit code.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    return execFileSync(program, parameters, { cwd: project, env, encoding: 'utf8', stdio: 'pipe', timeout: 900_000 });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${parameters.join(' ')}\n${stdout}${stderr}`);
  }
}

const app = `
import { createClient } from '@supabase/supabase-js';
import { createServerPlanJob, init, isJobStuck, waitForJobCompletion, type ProfileSnapshot } from '@mesocycle/client';
import { usePlanJob, type PlanJobState } from '@mesocycle/client/react';

interface Database {
  public: {
    Tables: { notes: { Row: { id: string }; Insert: { id: string }; Update: { id?: string }; Relationships: [] } };
    Views: Record<never, never>;
    Functions: Record<never, never>;
  };
}
init(createClient('http://127.0.0.1:9', 'key'));
init(createClient<Database>('http://127.0.0.1:9', 'key'));

interface User { name: string; goal: string; trainingDays: number }
export async function plan(user: User): Promise<string | undefined> {
  const { jobId, status } = await createServerPlanJob(user, { redo: true, redoReason: 'too hard', redoType: 'workout' });
  const refused: boolean = status === 'redo_limit_reached';
  const { plan } = await waitForJobCompletion(jobId ?? '', (job) => console.log(job.retry_count, isJobStuck(job)));
  const reps: string | undefined = plan?.days.monday.workout.blocks[0]?.items[0]?.reps;
  return refused ? reps : plan?.weekStartDate ?? undefined;
}
export const profile: ProfileSnapshot = { goal: 'ENDURANCE', trainingDays: 3, shoeSize: 44 };
export function use(): PlanJobState['status'] { return usePlanJob().status; }
// @ts-expect-error there is no such option
createServerPlanJob({}, { redoKind: 'workout' });
`;

before(() => {
  const [packed] = JSON.parse(run('npm', 'pack', '--json', '--silent', '--ignore-scripts', root));
  const names: string[] = packed.files.map((file: { path: string }) => file.path);
  assert.ok(
    names.every((name) => /^(dist|react)\/|^(package\.json|README\.md)$/.test(name)),
    names.join(' '),
  );
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  const peers = [
    '@supabase/supabase-js@2.119.1',
    'react@18.3.1',
    'react-test-renderer@18.3.1',
    '@types/react@18',
    '@types/node@22',
    'typescript@5.9.3',
  ];
  run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', `./${packed.filename}`, ...peers);
  writeFileSync(join(project, 'app.mts'), app);
  writeFileSync(join(project, 'app.cts'), app);
  writeFileSync(join(project, 'app.ts'), app);
});

test('it type-checks under every way to resolve modules', () => {
  const tsc = (...parameters: string[]) =>
    run('npx', 'tsc', '--noEmit', '--strict', '--lib', 'es2020,dom', '--types', 'react,node', ...parameters);
  for (const module of ['node16', 'nodenext']) {
    tsc('--module', module, 'app.mts', 'app.cts');
  }
  tsc('--module', 'esnext', '--moduleResolution', 'bundler', 'app.ts');
  // As Metro did before it read "exports".
  tsc('--module', 'commonjs', '--moduleResolution', 'node10', '--esModuleInterop', '--skipLibCheck', 'app.ts');
});

test('both forms load and export the same', () => {
  const names = Object.keys(client).sort().join();
  const print = `console.log(Object.keys(client).filter((name) => name !== 'default' && name !== 'module.exports').sort().join())`;
  writeFileSync(
    join(project, 'app.mjs'),
    `import * as client from '@mesocycle/client'; ${print}; import '@mesocycle/client/react';`,
  );
  writeFileSync(
    join(project, 'app.cjs'),
    `const client = require('@mesocycle/client'); ${print}; require('@mesocycle/client/react');`,
  );
  assert.equal(run(process.execPath, 'app.mjs').trim(), names);
  assert.equal(run(process.execPath, 'app.cjs').trim(), names);
});

test('its hooks work under React 18', () => {
  for (const name of ['react.test.ts', 'fake.ts']) {
    copyFileSync(join(root, 'test', name), join(project, name));
  }
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ ...JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')), type: 'module' }),
  );
  assert.match(run(process.execPath, 'react.test.ts'), /React 18.*# fail 0/s);
});

test('the README names everything that is exported', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const missing = Object.keys(client).filter((name) => !readme.includes(name));
  assert.deepEqual(missing, []);
});
