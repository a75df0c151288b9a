// Providers, errors, costs and settings, on calls that the emulator billed or refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { close, openBrowser, settled, type Seen } from './browser.ts';
import { eventually, Mesocycle, type Said } from './mesocycle.ts';

const mesocycle = await Mesocycle.start(4000, { OPENAI_LIMITS: 'requests=500,input_tokens=200000,concurrent=20' });
const broke = await Mesocycle.start(4000, { OPENAI_API_KEY: 'sk-no-credit' });
const open = await openBrowser();
await mesocycle.reaches(await mesocycle.week(), 'succeeded');
await mesocycle.reaches(await mesocycle.block(), 'succeeded');
const failed = await mesocycle.failing();
await mesocycle.reaches(failed, 'failed');

async function at(path: string, of = mesocycle): Promise<Seen> {
  const seen = await open();
  await seen.page.goto(`${of.url}/dashboard${path}`);
  await settled(seen.page);
  return seen;
}

test('a provider out of credit is named in words, with who does not ask it and what to do', async () => {
  const seen = await at('/providers', broke);
  const { page } = seen;
  await page.getByText('Every provider that is set is asked.').waitFor();
  await broke.reaches(await broke.week(), 'succeeded');
  const breakers = await eventually('an open breaker', async () => {
    const { open_breakers: all } = await broke.admin('/providers');
    return all.length > 0 && (all as Said[]);
  });
  await page.reload();
  const item = page.locator('.health li').first();
  await item.getByText(`is not asked by ${breakers[0].worker} until`).waitFor();
  const said = (await item.textContent()) ?? '';
  assert.ok(said.includes(breakers[0].provider) && said.includes('out of credit') && said.includes('QUOTA_EXCEEDED'), said);
  assert.ok(said.includes('top it up') && said.includes('mesocycle doctor'), said);
  await close(seen);
});

test('budgets show their limits, and the day’s spend its cap', async () => {
  const seen = await at('/providers');
  const { page } = seen;
  const { budgets, spent_today: spent } = await mesocycle.admin('/providers');
  const row = page.getByRole('row', { name: new RegExp(budgets[0].name) });
  await row.getByText('500', { exact: true }).waitFor();
  await row.getByText('200K').waitFor();
  await row.getByText(/^\d+ of 20$/).waitFor();
  await page.getByText('Every provider that is set is asked.').waitFor();
  assert.ok(spent[0].used > 0);
  await page.getByText('$0.50').waitFor();
  await page.getByRole('link', { name: 'dollars_per_job' }).click();
  await page.getByText('MESOCYCLE_DOLLARS_PER_JOB').waitFor();
  await close(seen);
});

test('errors are grouped by code, explained, and lead to their runs', async () => {
  const seen = await at('/errors');
  const { page } = seen;
  const row = page.getByRole('row', { name: /NEEDS_CLEARANCE/ });
  await row.getByText('doctor’s word').waitFor();
  await row.getByRole('link', { name: failed.slice(0, 8) }).waitFor();
  await row.getByRole('link', { name: 'NEEDS_CLEARANCE' }).click();
  await page.waitForURL(/error_code=NEEDS_CLEARANCE/);
  await page.locator(`main [data-row][title="${failed}"]`).waitFor();
  assert.equal(await page.locator('main [data-row]').count(), 1);

  // A second failure comes in by itself.
  await page.goBack();
  await mesocycle.reaches(await mesocycle.failing(), 'failed');
  await row.getByRole('cell', { name: '2', exact: true }).waitFor();
  await page.getByRole('button', { name: '1h' }).click();
  await page.waitForURL(/window=1h/);
  await close(seen);
});

test('costs are summed and listed by day, flow and model', async () => {
  const seen = await at('/costs');
  const { page } = seen;
  const rows = (await mesocycle.admin('/costs?window=30d')).data.filter((row: Said) => row.cost > 0);
  const cost = rows.reduce((sum: number, row: Said) => sum + row.cost, 0) / 1e6;
  const listed = page.getByRole('table', { name: 'Costs' }).locator('tbody tr');
  await eventually('every row', async () => (await listed.count()) === rows.length);
  const spent = await page.locator('.figure', { hasText: 'Spent' }).locator('.figure-value').textContent();
  assert.ok(Math.abs(Number(spent?.slice(1)) - cost) < 0.005, `${spent} is not ${cost}`);
  await page.locator('.chart canvas').waitFor();
  await page.getByRole('button', { name: 'tokens', exact: true }).click();
  await page.getByRole('figure', { name: 'Tokens used' }).waitFor();
  await page.getByRole('button', { name: 'model', exact: true }).click();
  await page.locator('.chart-legend', { hasText: rows[0].model }).waitFor();
  await page.getByRole('button', { name: 'Dollars', exact: true }).click();
  await page.getByRole('columnheader', { name: 'Dollars' }).and(page.locator('[aria-sort="descending"]')).waitFor();
  await page.getByRole('button', { name: '24h' }).click();
  await page.waitForURL(/window=24h/);
  await listed.first().getByRole('link').click();
  await page.waitForURL(/\/runs\?.*since=/);
  await page.locator('main [data-row]').first().waitFor();
  await close(seen);
});

test('settings say where each is set and no secret', async () => {
  const seen = await at('/settings');
  const { page } = seen;
  const { data } = await mesocycle.admin('/settings');
  assert.equal(await page.getByRole('table', { name: 'Settings' }).locator('tbody tr').count(), data.length);
  assert.ok(!(await page.content()).includes('sk-emulated'));
  const key = page.getByRole('row', { name: /openai_api_key/ });
  await key.getByText('••• set').waitFor();
  await key.getByText('OPENAI_API_KEY', { exact: true }).waitFor();
  await page.getByLabel('Name, variable or meaning').fill('no such');
  await page.getByText('No setting fits').waitFor();
  await page.getByLabel('Name, variable or meaning').fill('EXPO_PUSH');
  await page.getByText(data.find((each: Said) => each.name === 'expo_push_url').value).waitFor();
  await close(seen);
});
