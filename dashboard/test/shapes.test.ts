// The types of the API's answers, held against what the server says: each answer is compiled as a constant of its type.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Mesocycle, type Said } from './mesocycle.ts';

const mesocycle = await Mesocycle.start(2000);
const week = await mesocycle.week();
const block = await mesocycle.block();
const failed = await mesocycle.failing();
await mesocycle.admin('/schedules/receipts', 'PUT', { kind: 'check_push_receipts', input: {}, cron: '0 6 * * *' });
await mesocycle.admin('/queues/push/pause', 'POST', { because: 'a test' });
await mesocycle.weekly();
const made = [await mesocycle.reaches(week, 'succeeded'), await mesocycle.reaches(block, 'succeeded')];
await mesocycle.reaches(failed, 'failed');
const [exercise] = (await mesocycle.admin('/exercises?limit=1')).data;
const bulk = await mesocycle.admin('/bulk', 'POST', { action: 'retry', filter: { state: 'failed' } });
await mesocycle.reaches(bulk.id, 'succeeded');

const ANSWERS: [path: string, room: string, type: string][] = [
  ['/overview', 'figures', 'Overview'],
  ['/costs', 'figures', 'List<Spent>'],
  ['/errors', 'figures', 'List<ErrorGroup>'],
  ['/tasks', 'tasks', 'Paged<TaskRow>'],
  [`/tasks/${week}?reveal=1`, 'tasks', 'TaskDetail'],
  [`/tasks/${block}`, 'tasks', 'TaskDetail'],
  [`/tasks/${failed}?reveal=1`, 'tasks', 'TaskDetail'],
  [`/bulk/${bulk.id}`, 'tasks', 'Bulk'],
  ['/queues', 'queues', 'Queues'],
  ['/workers', 'queues', 'List<WorkerRow>'],
  ['/providers', 'queues', 'Providers'],
  ['/schedules', 'schedules', 'List<Schedule>'],
  ['/plan-schedules', 'plans', 'Paged<PlanSchedule>'],
  ['/weekly-plans', 'plans', 'Paged<WeeklyPlanRow>'],
  [`/weekly-plans/${made[0].output.plan_id}`, 'plans', 'WeeklyPlan'],
  ['/workout-plans', 'plans', 'Paged<WorkoutPlanRow>'],
  [`/workout-plans/${made[1].output.plan_id}`, 'plans', 'WorkoutPlan'],
  ['/exercises', 'plans', 'Paged<ExerciseRow>'],
  [`/exercises/${exercise.id}`, 'plans', 'Exercise'],
  ['/settings', 'plans', 'List<Setting>'],
];

test('every answer has the form that its type says, no field more or less', async () => {
  const room = mkdtempSync(join(import.meta.dirname, 'shapes-'));
  try {
    for (const [place, [path, file, type]] of ANSWERS.entries()) {
      writeFileSync(join(room, `answer${place}.ts`), source(await mesocycle.admin(path), file, type));
    }
    const config = { extends: '../../tsconfig.json', include: ['*.ts'] };
    writeFileSync(join(room, 'tsconfig.json'), JSON.stringify(config));
    assert.equal(complaints(room), '');
  } finally {
    rmSync(room, { recursive: true });
  }
});

test('a field that is missing, wrong or unknown is seen', async () => {
  const room = mkdtempSync(join(import.meta.dirname, 'shapes-'));
  const worker = { name: 'w', queues: ['q'], external: false, started_at: 'now', lease_until: null, alive: true, running: 2 };
  const { alive: _, ...missing } = worker;
  const wrong = [missing, { ...worker, running: '2' }, { ...worker, mood: 'good' }];
  try {
    for (const [place, each] of wrong.entries()) {
      writeFileSync(join(room, `answer${place}.ts`), source({ data: [each] }, 'queues', 'List<WorkerRow>'));
    }
    writeFileSync(join(room, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', include: ['*.ts'] }));
    for (const place of wrong.keys()) assert.match(complaints(room), new RegExp(`answer${place}.ts`));
  } finally {
    rmSync(room, { recursive: true });
  }
});

function source(answer: Said, file: string, type: string): string {
  const names = type.split(/[<>]/).filter(Boolean);
  const generic = names.filter((name) => ['List', 'Paged'].includes(name));
  const own = names.filter((name) => !generic.includes(name));
  return [
    ...generic.map((name) => `import type { ${name} } from '../../src/api/ask';`),
    `import type { ${own.join(', ')} } from '../../src/api/${file}';`,
    `export const answer: ${type} = ${JSON.stringify(answer)};`,
  ].join('\n');
}

/** What the compiler says against the files of a folder. */
function complaints(room: string): string {
  try {
    execFileSync('tsc', ['-p', room], { encoding: 'utf8' });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
