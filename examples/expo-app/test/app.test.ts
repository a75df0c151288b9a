/** The example app from the first start to the finished plan, in Chromium, against `mesocycle dev` with a model that is slow. */

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { openChromium } from '../../../clients/typescript/test/wire/chromium.ts';
import { eventually } from '../../../clients/typescript/test/wire/support.ts';
import { startWithModel } from './emulator.ts';
import { judge, newPhone, PATIENCE, press, screen, serveApp } from './phone.ts';

const slow = await startWithModel('--tokens-per-second', '150', '--first-token-ms', '500');
const silent = await startWithModel('--scenario', 'queued-forever');
const [slowApp, silentApp] = await Promise.all([serveApp(slow.mesocycle), serveApp(silent.mesocycle)]);
const browser = await openChromium();

/** A phone, and at the end no word of complaint in its console. */
function phoneTest(
  name: string,
  address: string,
  walk: (phone: Awaited<ReturnType<typeof newPhone>>) => Promise<void>,
) {
  test(name, async () => {
    const phone = await newPhone(browser, address);
    await walk(phone);
    assert.deepEqual(phone.complaints, []);
    await phone.page.context().close();
  });
}

phoneTest('a week always on the server: questions, waiting, the plan, its notification', slowApp, async ({ page }) => {
  await screen(page, 'Training plans, made for you');
  await judge(page, 'sign-in');
  await page.getByLabel('E-mail').fill(`${randomUUID()}@example.com`);
  await page.getByLabel('Password').fill(randomUUID());
  await press(page, 'Create an account');
  await screen(page, 'Hello');
  await judge(page, 'home-empty');

  await press(page, 'Make my week');
  await page.getByRole('radio', { name: 'Lose weight' }).click();
  await page.getByRole('radio', { name: '4' }).click();
  await page.getByRole('radio', { name: 'The server' }).click();
  await judge(page, 'new-week');
  await press(page, 'Make my week');
  await screen(page, 'Your week is being made');
  await page.getByText('Your coach is writing your week').waitFor();
  await page.getByText('Notifications come to phones only').waitFor();
  await page.getByText(/^[1-9]\d* s so far\. How long it takes is not known yet/).waitFor();

  await screen(page, /^The week of /, PATIENCE);
  assert.match(page.url(), /\/plan-preview\?planId=/);
  const days = page.getByRole('tab');
  assert.equal(await days.count(), 7);
  await page.getByRole('tab', { name: /^Mon [1-9]\d*$/ }).click();
  await page.getByRole('heading', { name: /^Monday: / }).waitFor();
  await judge(page, 'week');

  await page.goto(slowApp);
  await screen(page, 'Welcome back');
  await judge(page, 'home');
  await press(page, 'Notifications (1 new)');
  const notification = page.getByRole('button', { name: /^New / });
  await notification.waitFor();
  await judge(page, 'notifications');
  await notification.click();
  await screen(page, /^The week of /);
  await page.goBack();
  await screen(page, 'Notifications');
  await page.getByRole('button', { name: /^New / }).waitFor({ state: 'detached' });

  // The second time it is known how long it may take. Nobody works on it, so that there is time to look.
  await slow.mesocycle.operator(`select durable.pause_queue('weekly_plan')`);
  await page.goto(`${slowApp}/new-week`);
  await page.getByRole('radio', { name: 'The server' }).click();
  await press(page, 'Make my week');
  await page.getByText(/Your last plans took about \d+ s/).waitFor();
  await page.getByText('Waiting for its turn').waitFor();
  const bar = page.getByRole('progressbar', { name: 'Your week is being made' });
  await eventually('the bar moves', async () => Number(await bar.getAttribute('aria-valuenow')) > 0);
  await judge(page, 'waiting-week-estimate');
  await press(page, 'Cancel this plan');
  await screen(page, 'Cancelled');
  await slow.mesocycle.operator(`select durable.resume_queue('weekly_plan')`);
});

phoneTest('eight weeks: live progress step by step, then weeks and days', slowApp, async ({ page }) => {
  await press(page, 'Start without an account');
  await press(page, 'Make my eight weeks');
  await screen(page, 'Tell your coach about you');
  await judge(page, 'new-block');
  await page
    .getByLabel('About you')
    .fill('Ich möchte Muskeln aufbauen, drei Tage in der Woche, im Fitnessstudio. Ich trainiere seit einem Jahr.');
  await press(page, 'Make my eight weeks');
  await screen(page, 'Your eight weeks are being made');
  const bar = page.getByRole('progressbar');
  await page.getByText('Step 2 of 3').waitFor();
  await page.getByText(/^Step 3 of 3 · \d+ of \d+ exercises/).waitFor({ timeout: PATIENCE });
  assert.ok(Number(await bar.getAttribute('aria-valuenow')) > 50);

  await screen(page, 'Your eight weeks', PATIENCE);
  assert.match(page.url(), /\/workout-plan\?workoutPlanId=/);
  assert.equal(await page.getByRole('tab', { name: /^W\d [1-9]\d*$/ }).count(), 8);
  await judge(page, 'block');
  await page.getByRole('tab', { name: /^W3 / }).click();
  await page.getByText('Sets a day in week 3.').waitFor();
  await page.getByRole('button', { expanded: false }).first().click();
  await page.getByRole('button', { expanded: true }).waitFor();
  await judge(page, 'block-week-3');

  await page.goto(`${slowApp}/notifications`);
  await page.getByRole('button', { name: /^New / }).click();
  await screen(page, 'Your eight weeks');
});

phoneTest('a week on the phone first: made at once, and without the server', silentApp, async ({ page }) => {
  await press(page, 'Start without an account');
  await press(page, 'Make my week');
  await press(page, 'Make my week');
  await screen(page, /^The week of /);
  await page.getByText('A plain template, made on this phone.').waitFor();
});

phoneTest(
  'what the phone cannot do goes to the background; the app is closed, opened and waits on',
  silentApp,
  async (phone) => {
    const { page } = phone;
    await press(page, 'Start without an account');
    await press(page, 'Make my week');
    await page.getByLabel('Injuries or pain').fill('My left knee hurts on stairs.');
    await press(page, 'Make my week');
    await page.getByRole('dialog', { name: 'Generate in background?' }).waitFor();
    await judge(page, 'background');
    await press(page, 'Not now');
    await press(page, 'Make my week');
    await press(page, 'Generate in background');
    await screen(page, 'Your week is being made');
    const job = new URL(page.url()).searchParams.get('jobId');

    const opened = await page.context().newPage();
    await page.close();
    await opened.goto(silentApp);
    await screen(opened, 'Your week is being made');
    assert.equal(new URL(opened.url()).searchParams.get('jobId'), job);
    await press(opened, 'Back to the start');
    await screen(opened, 'Hello');
    await press(opened, /^Your week is being made/);
    await opened.getByText('Your coach is writing your week').waitFor();
    await judge(opened, 'waiting-week');
    await press(opened, 'Cancel this plan');
    await screen(opened, 'Cancelled');
    await opened.getByText('You cancelled this plan.').waitFor();
    await judge(opened, 'cancelled');
    await press(opened, 'Back to the start');
    await opened.getByRole('button', { name: 'Make my week' }).waitFor();
  },
);

phoneTest(
  'eight weeks that are being made are found by a phone that was restarted, and cancelled',
  silentApp,
  async ({ page }) => {
    await press(page, 'Start without an account');
    await press(page, 'Make my eight weeks');
    await page.getByLabel('About you').fill('Build muscle, 3 days a week, gym.');
    await press(page, 'Make my eight weeks');
    await screen(page, 'Your eight weeks are being made');
    await page.goto(silentApp);
    await screen(page, 'Your eight weeks are being made');
    await page.getByText('Step 1 of 3').waitFor();
    await judge(page, 'waiting-block');
    await press(page, 'Cancel this plan');
    await screen(page, 'Cancelled');
  },
);

phoneTest('a profile that needs a doctor’s word first says so', slowApp, async ({ page }) => {
  await press(page, 'Start without an account');
  await press(page, 'Make my eight weeks');
  await page.getByLabel('About you').fill('Lose weight. I get chest pain when I climb stairs.');
  await press(page, 'Make my eight weeks');
  await screen(page, 'No plan this time', PATIENCE);
  await page.getByRole('alert').filter({ hasText: 'doctor' }).waitFor();
});

phoneTest('who signs out sees nothing of what was there', slowApp, async ({ page, complaints }) => {
  await press(page, 'Start without an account');
  await press(page, 'Sign out');
  await screen(page, 'Training plans, made for you');
  await page.goto(`${slowApp}/plan-preview?planId=${randomUUID()}`);
  await screen(page, 'Training plans, made for you');
  await page.getByLabel('E-mail').fill('nobody@example.com');
  await page.getByLabel('Password').fill('wrong password');
  await press(page, 'Sign in');
  await page.getByRole('alert').waitFor();
  assert.match(complaints.splice(0).join('\n'), /^Failed to load resource: .* 400 .*$/); // the browser's own, of the wrong password
});
