// What an operator does on the pages, on real runs; what it did is read from the server, not from the page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser, settled, type Seen } from './browser.ts';
import { eventually, Mesocycle } from './mesocycle.ts';

const mesocycle = await Mesocycle.start(400);
const open = await openBrowser();
const ids = await Promise.all([mesocycle.week(), mesocycle.block(), ...Array.from({ length: 56 }, () => mesocycle.failing())]);
for (const id of ids) await mesocycle.reaches(id, 'succeeded', 'failed');

async function at(path: string, looking = {}): Promise<Seen> {
  const seen = await open(looking);
  await seen.page.goto(`${mesocycle.url}/dashboard${path}`);
  await settled(seen.page);
  return seen;
}

/** Ends a test: nothing was complained of, but for what is expected. */
async function close({ page, complaints }: Seen, expected = /^$/): Promise<void> {
  await page.close();
  assert.deepEqual(
    complaints.filter((each) => !expected.test(each)),
    [],
  );
}

test('the overview says what ended and what it cost, by one question', async () => {
  const seen = await open();
  const asked: string[] = [];
  seen.page.on('request', (request) => request.url().includes('/admin/v1/') && asked.push(new URL(request.url()).pathname));
  await seen.page.goto(`${mesocycle.url}/dashboard`);
  await settled(seen.page);
  await seen.page.getByText('Live', { exact: true }).waitFor();
  assert.deepEqual([...new Set(asked)].sort(), ['/admin/v1/changes', '/admin/v1/overview']);

  const { all, spent } = await mesocycle.admin('/overview');
  assert.ok(all.failed >= 56 && spent.length >= 2);
  await seen.page.getByText(`${all.failed} failed, 0 cancelled`).waitFor();
  const cost = spent.reduce((sum: number, row: { cost: number }) => sum + row.cost, 0);
  assert.ok(cost > 0);
  await seen.page.locator('.chart canvas').nth(1).waitFor();
  await seen.page.getByRole('button', { name: '7d' }).click();
  await seen.page.waitForURL(/window=7d/);
  await close(seen);
});

test('runs are filtered by the address, and come in pages', async () => {
  const seen = await at('/runs');
  const { page } = seen;
  await page.getByLabel('State').selectOption('failed');
  await page.waitForURL(/state=failed/);
  const rows = page.locator('main [data-row]');
  await page.waitForFunction(() => document.querySelectorAll('main [data-row]').length === 50);
  assert.deepEqual(await page.locator('main .badge').allTextContents(), Array(50).fill('failed'));
  await page.getByRole('button', { name: 'Load more' }).click();
  await page.waitForFunction(() => document.querySelectorAll('main [data-row]').length === 56);

  await page.reload();
  await settled(page);
  assert.equal(await page.getByLabel('State').inputValue(), 'failed');
  await page.getByText('Time, user, error, cost').click();
  await page.getByLabel('Costs at least (dollars)').fill('5');
  await page.keyboard.press('Enter');
  await page.waitForURL(/min_cost=5000000/);
  await page.getByText('No run fits this filter').waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).first().click();
  await rows.first().waitFor();
  assert.equal(new URL(page.url()).search, '');
  await close(seen);
});

test('the keyboard is enough to find a run and open it', async () => {
  const seen = await at('/');
  const { page } = seen;
  const id = await mesocycle.week();
  await page.keyboard.press('/');
  await page.keyboard.type(id.slice(0, 8));
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/runs\?text=/);
  await page.locator(`main [data-row][title="${id}"]`).waitFor();
  await page.locator('main h1').click();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/runs/${id}`));
  await close(seen);
});

test('a run is followed live to its end, with its steps, its cost and its plan', async () => {
  await mesocycle.admin('/queues/weekly_plan/pause', 'POST', { because: 'a test looks' });
  const id = await mesocycle.week();
  const seen = await at(`/runs/${id}`);
  const { page } = seen;
  await page.locator('[data-why]', { hasText: 'a test looks' }).waitFor();
  await mesocycle.admin('/queues/weekly_plan/resume', 'POST', {});
  await page.locator('.run-why .badge', { hasText: 'running' }).waitFor();
  await page.locator('.run-why .badge', { hasText: 'succeeded' }).waitFor();
  const task = await mesocycle.admin(`/tasks/${id}`);
  const [step] = task.steps;
  await page.locator('.fall-step', { hasText: step.name }).first().waitFor();
  const told = await page.locator('.fall-step').first().textContent();
  assert.ok(told?.includes(step.model) && told.includes(step.usage.input_tokens.toLocaleString('en')), `${told}`);
  await page.locator('.made-week li').nth(6).waitFor();
  await page.getByText('Score').waitFor();
  await close(seen);
});

test('a profile is shown by a click, and looked for no more than once', async () => {
  const { id } = (await mesocycle.admin('/tasks?kind=generate_weekly_plan&state=succeeded')).data[0];
  const seen = await at(`/runs/${id}`);
  const { page } = seen;
  const asked: string[] = [];
  page.on('request', (request) => request.url().includes('reveal') && asked.push(request.url()));
  assert.equal(await page.getByText('MUSCLE_GAIN').count(), 0);
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByLabel('Asked').getByText('MUSCLE_GAIN').waitFor();
  await page.getByLabel(/^Answer of week/).waitFor();
  assert.equal(asked.length, 1);
  await close(seen);
});

test('a queue is paused with a reason, limited, and resumed', async () => {
  const seen = await at('/queues');
  const { page } = seen;
  const queue = async () => (await mesocycle.admin('/queues')).data.find((each: { name: string }) => each.name === 'push');
  const row = page.getByRole('row', { name: /^push/ });
  await row.getByRole('button', { name: 'Pause' }).click();
  await page.getByLabel('Because').fill('Expo is down');
  await page.getByRole('button', { name: 'Pause it' }).click();
  await row.getByText('Expo is down').waitFor();
  assert.equal((await queue()).paused_because, 'Expo is down');

  await row.getByRole('button', { name: /^Limit of push/ }).click();
  await page.getByLabel('Runs at once, in all processes together').fill('7');
  await page.getByRole('button', { name: 'Set the limit' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await row.getByRole('button', { name: /Limit of push: 7/ }).waitFor();
  assert.equal((await queue()).max_running, 7);

  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  await page.getByText('is paused: Expo is down').waitFor();
  await page.goBack();
  await row.getByRole('button', { name: 'Resume' }).click();
  await row.getByText('open').waitFor();
  assert.equal((await queue()).paused_at, null);
  await close(seen);
});

test('a run is cancelled, and its job with it; then retried', async () => {
  await mesocycle.admin('/queues/weekly_plan/pause', 'POST', {});
  const id = await mesocycle.week();
  const seen = await at(`/runs/${id}`);
  const { page } = seen;
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel it' }).click();
  await page.locator('.run-why .badge', { hasText: 'cancelled' }).waitFor();
  assert.equal((await mesocycle.row('plan_generation_jobs', id)).status, 'failed');

  await page.getByRole('button', { name: 'Retry' }).click();
  await eventually('the retried run is shown', () => !page.url().endsWith(id) && page.url().includes('/runs/'));
  const next = new URL(page.url()).pathname.split('/').pop() ?? '';
  assert.equal((await mesocycle.admin(`/tasks/${next}`)).replay_of, id);
  await mesocycle.admin('/queues/weekly_plan/resume', 'POST', {});
  await page.locator('.run-why .badge', { hasText: 'succeeded' }).waitFor();
  await close(seen);
});

test('many runs are retried: those that are chosen, and all that fit', async () => {
  const seen = await at('/runs?state=failed&error_code=NEEDS_CLEARANCE');
  const { page } = seen;
  const failed = await mesocycle.admin('/tasks?state=failed&limit=2');
  const chosen: string[] = failed.data.map((task: { id: string }) => task.id);
  for (const id of chosen) await page.getByRole('checkbox', { name: `Select ${id}` }).check();
  await page.getByText('2 runs chosen').waitFor();
  await page.getByRole('button', { name: 'Retry', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Retry' }).click();
  await page.getByText('2 of 2: retry done.').first().waitFor();
  const replayed = async () => {
    const { data } = await mesocycle.admin('/tasks?kind=generate_weekly_plan&limit=200');
    return new Set(data.map((task: { replay_of: string | null }) => task.replay_of));
  };
  await eventually('both ran again', async () =>
    chosen.every(
      (
        (seen) => (id: string) =>
          seen.has(id)
      )(await replayed()),
    ),
  );

  await page.getByRole('button', { name: 'Retry all that fit' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Retry all' }).click();
  await page.getByText(/\d+ done.*\(succeeded\)/).waitFor();
  assert.ok((await replayed()).size > 50);
  await close(seen);
});

test('athletes’ schedules are listed, all or of one user', async () => {
  const [one, other] = [await mesocycle.weekly(), await mesocycle.weekly()];
  const seen = await at('/schedules');
  const { page } = seen;
  const list = page.getByRole('table', { name: 'Athletes’ schedules' });
  await list.getByRole('link', { name: other.slice(0, 8) }).waitFor();
  await page.getByLabel('User (whole id)').fill(one);
  await page.getByRole('button', { name: 'Filter' }).click();
  await list.getByRole('link', { name: other.slice(0, 8) }).waitFor({ state: 'detached' });
  await list
    .getByRole('row')
    .filter({ hasText: '0 18 * * SUN Europe/Berlin' })
    .getByRole('link', { name: one.slice(0, 8) })
    .waitFor();
  await close(seen);
});

test('a schedule is made, changed, run, paused and deleted', async () => {
  const seen = await at('/schedules');
  const { page } = seen;
  const schedule = async () => (await mesocycle.admin('/schedules')).data.find((each: { name: string }) => each.name === 'receipts');
  await page.getByRole('button', { name: 'New schedule' }).click();
  await page.getByLabel('Name').fill('receipts');
  await page.getByLabel('Flow').fill('no_such_kind');
  await page.getByLabel('When (cron)').fill('0 18 * * 0');
  await page.getByLabel('Time zone').fill('Europe/Berlin');
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await page.getByLabel('Flow').fill('check_push_receipts');
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.deepEqual([(await schedule()).cron, (await schedule()).time_zone], ['0 18 * * 0', 'Europe/Berlin']);

  await page.getByRole('button', { name: 'receipts' }).click();
  await page.getByLabel('When (cron)').fill('30 6 * * 1');
  await page.getByRole('button', { name: 'Change it' }).click();
  await page.getByText('30 6 * * 1').waitFor();
  const row = page.getByRole('row', { name: /^receipts/ });
  await row.locator('summary').click();
  assert.equal(await row.locator('.fires time').count(), 5);

  await row.getByRole('button', { name: 'Pause' }).click();
  await row.getByRole('button', { name: 'Resume' }).waitFor();
  assert.equal((await schedule()).enabled, false);
  await row.getByRole('button', { name: 'Run now' }).click();
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
  const started = new URL(page.url()).pathname.split('/').pop() ?? '';
  assert.equal((await mesocycle.admin(`/tasks/${started}`)).kind, 'check_push_receipts');
  await page.goBack();
  await row.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete it' }).click();
  await page.getByText('Nothing is started by the clock').waitFor();
  assert.equal(await schedule(), undefined);
  // The wrong kind was refused, which the browser notes.
  await close(seen, /status of 400/);
});

test('who works is listed, and a deep link to nowhere says so', async () => {
  const seen = await at('/workers');
  const [worker] = (await mesocycle.admin('/workers')).data;
  await seen.page.getByText(worker.name).waitFor();
  await seen.page.goto(`${mesocycle.url}/dashboard/no/such/page`);
  await seen.page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  await close(seen);
});
