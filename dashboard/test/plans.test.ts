// Plans and exercises as an operator reads them, on plans that the emulator's model and the rules made.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { close, openBrowser, settled, type Seen } from './browser.ts';
import { Mesocycle, type Said } from './mesocycle.ts';

const mesocycle = await Mesocycle.start(4000);
const open = await openBrowser();
const week = await mesocycle.week();
const user = randomUUID();
const userProfile = 'Ich möchte Muskeln aufbauen, 3 Tage die Woche, 45 Minuten, volles Studio. Mein Knie tut manchmal weh.';
const block = (await mesocycle.ask('trigger-workout-plan', { userProfile }, user)).request_id;
const weeklyPlan = (await mesocycle.reaches(week, 'succeeded')).output.plan_id;
const workoutPlan = (await mesocycle.reaches(block, 'succeeded')).output.plan_id;

async function at(path: string, looking = {}): Promise<Seen> {
  const seen = await open(looking);
  await seen.page.goto(`${mesocycle.url}/dashboard${path}`);
  await settled(seen.page);
  return seen;
}

test('a weekly plan is rendered: seven days, the score, the sets of each muscle, the run that made it', async () => {
  const seen = await at('/plans');
  const { page } = seen;
  await page.locator(`main [data-row][title="${weeklyPlan}"]`).click();
  await page.getByRole('heading', { name: /^Week of Mon,/ }).waitFor();
  const { days, review, sets_per_muscle: sets } = await mesocycle.admin(`/weekly-plans/${weeklyPlan}`);
  assert.equal(await page.locator('.week li').count(), 7);
  assert.equal(await page.locator('.verdict-score').textContent(), String(review.score));
  await page.getByText(`It keeps all ${review.rules} rules.`).waitFor();
  const [muscle] = Object.entries<number>(sets).sort(([, a], [, b]) => b - a)[0] ?? [];
  const first = (await page.getByRole('list', { name: 'Working sets per muscle' }).locator('li').first().textContent()) ?? '';
  assert.ok(first.toLowerCase().startsWith(muscle?.replace('_', ' ') ?? '?') && first.includes(`${sets[muscle ?? '']} sets`), first);
  for (const [name, day] of Object.entries<Said>(days)) {
    const panel = page.locator(`#${name}`);
    for (const item of day.workout.blocks.flatMap((part: Said) => part.items)) {
      assert.ok(await panel.getByText(item.exercise, { exact: true }).count(), `${name}: ${item.exercise}`);
    }
    for (const food of day.nutrition.meals.flatMap((meal: Said) => meal.items)) {
      assert.ok(await panel.getByText(food.food, { exact: true }).count(), `${name}: ${food.food}`);
    }
    assert.ok(await panel.getByText(day.recovery.sleep[0]).count());
  }
  await page
    .locator('.week')
    .getByRole('link', { name: /^Friday/ })
    .click();
  await page.waitForURL(/#friday$/);
  await page
    .locator('.plan-facts')
    .getByRole('link', { name: week.slice(0, 8) })
    .click();
  await page.waitForURL(new RegExp(`/runs/${week}`));
  await close(seen);
});

test('what is wrong with a plan that somebody changed is said in words', async () => {
  const id = (await mesocycle.reaches(await mesocycle.week(), 'succeeded')).output.plan_id;
  const { days } = await mesocycle.admin(`/weekly-plans/${id}`);
  days.monday.nutrition.protein_g = 5;
  days.monday.workout.blocks[1].items[0].exercise = 'Moon Walk';
  await mesocycle.write('PATCH', `weekly_base_plans?id=eq.${id}`, { days });
  const { review } = await mesocycle.admin(`/weekly-plans/${id}`);
  assert.ok(review.findings.length > 1 && review.score < 100);
  const seen = await at(`/plans/weekly/${id}`);
  const said = await seen.page.getByRole('list', { name: 'Findings' }).textContent();
  for (const finding of review.findings) {
    assert.ok(said?.includes(finding.message) && said.includes(finding.demands), `${said}: ${finding.message}`);
  }
  assert.ok(said?.includes('Monday, nutrition'), `${said}`);
  await close(seen);
});

test('a workout plan is rendered: eight weeks, its progression, what was adjusted', async () => {
  const seen = await at('/plans?flow=workout');
  const { page } = seen;
  await page.locator(`main [data-row][title="${workoutPlan}"]`).click();
  await page.getByRole('heading', { name: /^Eight weeks from Mon,/ }).waitFor();
  const { entries } = await mesocycle.admin(`/workout-plans/${workoutPlan}`);
  const calendar = page.getByRole('region', { name: 'Calendar' });
  assert.equal(await calendar.locator('tbody tr').count(), 8);
  const trained = new Set(entries.map((entry: Said) => `${entry.week_number} ${entry.day}`)).size;
  assert.equal(await calendar.locator('.block-trains').count(), trained);
  const volume = await page.getByRole('list', { name: 'Sets by week' }).locator('b').allTextContents();
  const sets = (week: number) =>
    entries.filter((entry: Said) => entry.week_number === week).reduce((sum: number, entry: Said) => sum + entry.sets, 0);
  assert.deepEqual(
    volume,
    [1, 2, 3, 4, 5, 6, 7, 8].map((week) => `${sets(week)} sets`),
  );

  const adjusted = entries.filter((entry: Said) => entry.week_number === 1 && entry.is_adjusted);
  assert.ok(adjusted.length > 0);
  const exercises = page.getByRole('table', { name: 'Exercises of week 1' });
  assert.equal(await exercises.locator('.adjusted').count(), adjusted.length);
  assert.ok((await exercises.textContent())?.includes(adjusted[0].adjustment_reason));
  await calendar.getByRole('button', { name: 'Week 8' }).click();
  const last = page.getByRole('table', { name: 'Exercises of week 8' });
  const [entry] = entries.filter((each: Said) => each.week_number === 8);
  await last.getByText(entry.weight).first().waitFor();
  await page
    .locator('.plan-facts')
    .getByRole('link', { name: block.slice(0, 8) })
    .click();
  await page.waitForURL(new RegExp(`/runs/${block}`));
  await close(seen);
});

test('a plan that an app stored in a form of its own is shown as far as it goes', async () => {
  const owner = randomUUID();
  const days = {
    monday: { workout: { focus: 'Legs', blocks: [{ items: [{ exercise: 'Hops', sets: '3', reps: 5 }, 'more'] }] } },
    sunday: 'rest',
  };
  await mesocycle.write('POST', 'weekly_base_plans', { user_id: owner, days, status: 'active' });
  const { id } = (await mesocycle.admin(`/weekly-plans?user=${owner}`)).data[0];
  const seen = await at(`/plans/weekly/${id}`);
  await seen.page.locator('#monday').getByText('3 × 5').waitFor();
  assert.equal(await seen.page.locator('.week li').count(), 1);
  await seen.page.getByText('There is no score').waitFor();
  await close(seen);
});

test('plans are listed for one user, and more are loaded', async () => {
  const rows = Array.from({ length: 60 }, () => ({ user_id: user, days: {}, status: 'archived' }));
  await mesocycle.write('POST', 'weekly_base_plans', rows);
  const seen = await at('/plans');
  const { page } = seen;
  await page.getByLabel('User (whole id)').fill('somebody');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByText('An id is a uuid').waitFor();
  await page.getByLabel('User (whole id)').fill(user);
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`user=${user}`));
  await page.waitForFunction(() => document.querySelectorAll('main [data-row]').length === 50);
  await page.getByRole('button', { name: 'Load more' }).click();
  await page.waitForFunction(() => document.querySelectorAll('main [data-row]').length === 60);
  await page.locator('main [data-row]').first().click();
  await page.getByText('This plan has no days').waitFor();
  await page.goto(`${mesocycle.url}/dashboard/plans?user=${randomUUID()}`);
  await page.getByText('This user has no weekly plan').waitFor();
  await close(seen);
});

test('exercises are found by any word of them, and one shows its texts in each language', async () => {
  const seen = await at('/exercises');
  const { page } = seen;
  await page.getByLabel('Name, equipment or place').fill('dumbbell row');
  await page.waitForURL(/text=dumbbell/);
  await page.locator('.pages-more').waitFor({ state: 'detached' });
  const names = await page.locator('main [data-row]').allTextContents();
  assert.ok(names.length > 1 && names.length < 40 && names.includes('One-Arm Dumbbell Row'), `${names}`);
  await page.getByLabel('Name, equipment or place').fill('no such thing');
  await page.getByText('No exercise fits').waitFor();

  const { entries } = await mesocycle.admin(`/workout-plans/${workoutPlan}`);
  await page.getByLabel('Name, equipment or place').fill(entries[0].exercise);
  await page.locator('main [data-row]', { hasText: entries[0].exercise }).first().click();
  await page.getByRole('heading', { name: entries[0].exercise }).waitFor();
  const id = new URL(page.url()).pathname.split('/').pop();
  const exercise = await mesocycle.admin(`/exercises/${id}`);
  await page.getByText(exercise.pain_injury_protocol).waitFor();
  const german = exercise.translations.find((each: Said) => each.language === 'de');
  assert.equal(await page.locator('main .badge').textContent(), 'reviewed');
  await page.getByRole('button', { name: 'de', exact: true }).click();
  await page.getByText(german.trainer_notes).first().waitFor();
  assert.equal(await page.locator('main .badge').textContent(), german.reviewed ? 'reviewed' : 'not reviewed');
  await close(seen);
});
