// How every page looks: no serious finding of axe by day and by night, nothing cut off at a phone's width, a screenshot of each.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { openBrowser, settled } from './browser.ts';
import { Mesocycle, type Said } from './mesocycle.ts';

const LOOKS = [
  ['light', 'light', 1280],
  ['dark', 'dark', 1280],
  ['phone', 'light', 375],
] as const;
const screens = join(import.meta.dirname, 'screens');
mkdirSync(screens, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const mesocycle = await Mesocycle.start(2000);
const open = await openBrowser();
const week = await mesocycle.week();
const block = await mesocycle.block();
const failed = await mesocycle.failing();
await mesocycle.weekly();
await mesocycle.admin('/schedules/receipts', 'PUT', { kind: 'check_push_receipts', input: {}, cron: '0 6 * * *' });
await mesocycle.admin('/queues/push/pause', 'POST', { because: 'a test' });
const plans = [await mesocycle.reaches(week, 'succeeded'), await mesocycle.reaches(block, 'succeeded')].map((task) => task.output.plan_id);
await mesocycle.reaches(failed, 'failed');
const [exercise] = (await mesocycle.admin('/exercises?limit=1')).data;
const changed = (await mesocycle.reaches(await mesocycle.week(), 'succeeded')).output.plan_id;
const { days } = await mesocycle.admin(`/weekly-plans/${changed}`);
days.monday.nutrition.protein_g = 5;
await mesocycle.write('PATCH', `weekly_base_plans?id=eq.${changed}`, { days });

const PAGES: Record<string, string> = {
  overview: '/',
  runs: '/runs',
  'run-week': `/runs/${week}`,
  'run-block': `/runs/${block}`,
  'run-failed': `/runs/${failed}`,
  plans: '/plans',
  'weekly-plan': `/plans/weekly/${plans[0]}`,
  'weekly-plan-changed': `/plans/weekly/${changed}`,
  'workout-plans': '/plans?flow=workout',
  'workout-plan': `/plans/workout/${plans[1]}`,
  'plans-of-nobody': '/plans?user=00000000-0000-4000-8000-000000000000',
  exercises: '/exercises',
  exercise: `/exercises/${exercise?.id}`,
  queues: '/queues',
  schedules: '/schedules',
  providers: '/providers',
  errors: '/errors',
  costs: '/costs',
  workers: '/workers',
  settings: '/settings',
  playground: '/playground',
  'playground-text': '/playground?flow=workout',
  'playground-week': `/playground?run=${week}`,
  'playground-block': `/playground?flow=workout&run=${block}`,
  'playground-failed': `/playground?run=${failed}`,
};

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name} by day, by night and on a phone`, async () => {
    const { page, complaints } = await open();
    await page.goto(`${mesocycle.url}/dashboard${path}`);
    for (const [look, theme, width] of LOOKS) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 900 });
      await settled(page);
      await page.screenshot({ path: join(screens, `${name}-${look}.png`), fullPage: true });
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `it is wider than ${width}`);
      assert.deepEqual(await findings(page), [], look);
    }
    assert.deepEqual(complaints, []);
    await page.close();
  });
}

test('the dialogs by day and by night', async () => {
  for (const theme of ['light', 'dark'] as const) {
    const { page } = await open({ theme });
    for (const [name, path, button] of [
      ['dialog-schedule', '/schedules', 'New schedule'],
      ['dialog-pause', '/queues', 'Pause'],
      ['dialog-delete', '/schedules', 'Delete'],
    ] as const) {
      await page.goto(`${mesocycle.url}/dashboard${path}`);
      await page.getByRole('button', { name: button }).first().click();
      await page.locator('.dialog').waitFor();
      await page.screenshot({ path: join(screens, `${name}-${theme}.png`) });
      assert.deepEqual(await findings(page), []);
    }
    await page.close();
  }
});

test('the first page is light', async () => {
  const { page } = await open();
  await page.goto(`${mesocycle.url}/dashboard`);
  await settled(page);
  const bytes = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => entry.name.includes('/dashboard/'))
      .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
  );
  assert.ok(bytes > 50_000 && bytes < 200_000, `${bytes} bytes`);
  await page.close();
});

test('a theme that was chosen is kept', async () => {
  const { page } = await open({ theme: 'light' });
  await page.goto(`${mesocycle.url}/dashboard/queues`);
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.getByLabel('Colours').selectOption('dark');
  const dark = await ground();
  await page.reload();
  await settled(page);
  assert.equal(await ground(), dark);
  assert.notEqual(dark, light);
  await page.getByLabel('Colours').selectOption('system');
  assert.equal(await ground(), light);
  await page.close();
});

/** What axe finds that keeps people out: where, and which rule. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run()')) as { violations: Said[] };
  return violations
    .filter((violation) => ['serious', 'critical'].includes(violation.impact))
    .flatMap((violation) => violation.nodes.map((node: Said) => `${violation.id}: ${node.target.join(' ')}`));
}
