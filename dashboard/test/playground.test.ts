// From a profile to a plan on the playground, by both flows, and what stands in the way.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { close, openBrowser, settled, type Seen } from './browser.ts';
import { Mesocycle } from './mesocycle.ts';

const PLAYER = '00000000-0000-4000-8000-0000706c6179';
const mesocycle = await Mesocycle.start(400);
const open = await openBrowser();

async function at(path: string): Promise<Seen> {
  const seen = await open();
  await seen.page.goto(`${mesocycle.url}/dashboard${path}`);
  await settled(seen.page);
  return seen;
}

/** The run that the address names. */
async function started(page: Page): Promise<string> {
  await page.waitForURL(/run=/);
  return new URL(page.url()).searchParams.get('run') ?? '';
}

const badge = (page: Page, state: string) => page.locator('.play-run [role=status] .badge', { hasText: state }).waitFor();

test('a week is made from the form, watched live, and shown with what it cost', async () => {
  const seen = await at('/playground');
  const { page } = seen;
  await page.getByRole('button', { name: 'Jonas, fat loss at home, 3 days' }).click();
  await page.getByLabel('Training days').fill('2');
  await page.getByLabel('Exercises to avoid').fill('burpees, lunges');
  await page.getByLabel('Further fields (JSON)').fill('{"stepTarget": 9000}');
  await page.getByRole('button', { name: 'Make the week' }).click();
  const run = await started(page);
  await badge(page, 'running');
  await badge(page, 'succeeded');
  const task = await mesocycle.admin(`/tasks/${run}?reveal=1`);
  const { profile } = task.asked;
  assert.deepEqual(
    [task.user, profile.goal, profile.trainingDays, profile.avoidExercises, profile.stepTarget, profile.dietaryPrefs],
    [PLAYER, 'WEIGHT_LOSS', 2, ['burpees', 'lunges'], 9000, ['Non-veg']],
  );
  assert.ok(task.cost > 0);
  const cost = await page.locator('.play-run .figure', { hasText: 'Cost' }).locator('.figure-value').textContent();
  assert.ok(Math.abs(Number(cost?.slice(1)) - task.cost / 1e6) < 0.005, `${cost} for ${task.cost}`);
  await page.locator('.play-run .week li').nth(6).waitFor();
  assert.equal(await page.locator('.play-run .week-trains').count(), 2);
  await page.getByText(/^It keeps all \d+ rules\.$/).waitFor();

  // The address alone shows it again.
  await page.reload();
  await badge(page, 'succeeded');
  await page.getByRole('link', { name: 'The whole run' }).click();
  await page.waitForURL(new RegExp(`/runs/${run}`));
  await close(seen);
});

test('eight weeks are made from a text', async () => {
  const seen = await at('/playground');
  const { page } = seen;
  await page.getByRole('button', { name: 'workout', exact: true }).click();
  await page.getByLabel(/^What the athlete writes/).fill('Get stronger, 2 days a week, 45 minutes, full gym. No injuries.');
  await page.getByLabel('Time zone').fill('Pacific/Auckland');
  await page.getByRole('button', { name: 'Make the eight weeks' }).click();
  const run = await started(page);
  await badge(page, 'succeeded');
  const task = await mesocycle.admin(`/tasks/${run}`);
  assert.deepEqual([task.kind, task.user], ['generate_workout_plan', PLAYER]);
  await page.locator('.play-run .block tbody tr').nth(7).waitFor();
  assert.equal(await page.locator('.play-run .block-trains').count(), 16);
  await close(seen);
});

test('what the gate stops is told in its words', async () => {
  const seen = await at('/playground');
  const { page } = seen;
  await page.getByLabel('Injuries').fill('chest pain when I climb stairs');
  await page.getByRole('button', { name: 'Make the week' }).click();
  const task = await mesocycle.reaches(await started(page), 'failed');
  assert.equal(task.error_code, 'NEEDS_CLEARANCE');
  await badge(page, 'failed');
  await page.locator('.play-run .refused', { hasText: 'NEEDS_CLEARANCE' }).waitFor();
  await close(seen);
});

test('a form that is wrong, a user that is none and a limit that is met are said beside the button', async () => {
  const user = randomUUID();
  const rows = Array.from({ length: 20 }, () => ({
    user_id: user,
    profile_snapshot: {},
    status: 'failed',
    completed_at: new Date().toISOString(),
  }));
  await mesocycle.write('POST', 'plan_generation_jobs', rows);
  const seen = await at('/playground');
  const { page } = seen;
  const make = page.getByRole('button', { name: 'Make the week' });
  const alert = page.locator('form').getByRole('alert');
  await page.getByLabel('Further fields (JSON)').fill('{');
  await make.click();
  await alert.getByText('no JSON object').waitFor();
  await page.getByLabel('Further fields (JSON)').fill('{}');
  await page.getByText('For whom').click();
  await page.getByLabel('User (whole id)').fill('asha');
  await make.click();
  await alert.getByText('An id is a uuid').waitFor();
  await page.getByLabel('User (whole id)').fill(user);
  await make.click();
  await alert.getByText(/20/).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('run'), null);
  // The refusals are statuses that the browser notes.
  await close(seen, /status of 4(00|29)/);
});
