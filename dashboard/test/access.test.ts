// Who may see the pages, and what one who may not is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser, settled } from './browser.ts';
import { Mesocycle } from './mesocycle.ts';

const mesocycle = await Mesocycle.start(400);
const url = await mesocycle.serve();
const open = await openBrowser();
const failed = await mesocycle.failing();
await mesocycle.reaches(failed, 'failed');

/** A key as `keys create` prints it. */
async function key(name: string, may: string): Promise<string> {
  const said = await mesocycle.command('keys', 'create', name, '--may', may);
  return /meso_admin_\w+/.exec(said)?.[0] ?? '';
}

test('outside of development a key is asked for, and forgotten at the end', async () => {
  const { page } = await open();
  await page.goto(`${url}/dashboard/queues`);
  await page.getByLabel('Admin key').fill(`meso_admin_${'0'.repeat(64)}`);
  await page.getByRole('button', { name: 'Open the dashboard' }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.locator('.layout').count(), 0);

  await page.getByLabel('Admin key').fill(await key('reader', 'read'));
  await page.getByRole('button', { name: 'Open the dashboard' }).click();
  await settled(page);
  await page.getByRole('row', { name: /^weekly_plan/ }).waitFor();
  await page.reload();
  await page.getByRole('row', { name: /^weekly_plan/ }).waitFor();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Admin key').waitFor();
  assert.equal(await page.evaluate(() => JSON.stringify(sessionStorage).includes('meso_admin')), false);
  await page.close();
});

test('a key that may only read is told which permission is missing', async () => {
  const { page } = await open();
  await page.goto(`${url}/dashboard/runs/${failed}`);
  await page.getByLabel('Admin key').fill(await key('second reader', 'read'));
  await page.getByRole('button', { name: 'Open the dashboard' }).click();
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByText('This key has no permission to act.').first().waitFor();
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByText('This key has no permission to reveal.').first().waitFor();
  assert.equal((await mesocycle.admin(`/tasks/${failed}`)).state, 'failed');
  await page.close();
});

test('what cannot be done now is said in words', async () => {
  const { page } = await open();
  await page.goto(`${mesocycle.url}/dashboard/runs/${failed}`);
  await page.getByRole('button', { name: 'Retry' }).waitFor();
  // Somebody else is faster.
  await mesocycle.admin(`/tasks/${failed}/retry`, 'POST', {});
  const refused = await mesocycle.admin(`/tasks/${failed}/retry`, 'POST', {});
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByText(refused.error).first().waitFor();
  await page.close();
});
