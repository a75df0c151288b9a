/** What of the app runs on phones only, or needs no screen: registering a phone, where a tap leads, estimates, the phone's planner. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJob, eventually, versions } from '../../../clients/typescript/test/wire/support.ts';
import { fractionOf } from '../src/waiting/block-progress.ts';
import { estimateOf, estimateSentence, fractionByClock, spoken } from '../src/waiting/estimate.ts';
import { forgetToken, registerToken } from '../src/notifications/register-token.ts';
import { targetOf } from '../src/notifications/target.ts';
import { planOnPhone } from '../src/week/phone-planner.ts';
import { firstAnswers } from '../src/week/profile.ts';
import { barsOf } from '../src/week/volume.ts';
import { startWithModel } from './emulator.ts';

const { mesocycle, pushedTo } = await startWithModel('--tokens-per-second', '0', '--first-token-ms', '0');
const [, createClient] = versions[0] as (typeof versions)[number];
const TOKEN = 'ExponentPushToken[phone-of-asha]';

test('a phone is registered by its user alone, and belongs to who registered it last', async () => {
  const asha = await mesocycle.user(createClient);
  const ben = await mesocycle.user(createClient);
  const tokens = async (client: typeof asha) =>
    (await client.from('push_tokens').select('user_id, token, device_info, disabled_at').throwOnError()).data;

  assert.equal(await registerToken(mesocycle.client(createClient), TOKEN, {}), 'Sign in first.');
  assert.equal(await registerToken(asha, TOKEN, { platform: 'ios' }), undefined);
  assert.equal(await registerToken(asha, TOKEN, { platform: 'ios', os: '26' }), undefined);
  const own = { user_id: asha.id, token: TOKEN, device_info: { platform: 'ios', os: '26' }, disabled_at: null };
  assert.deepEqual(await tokens(asha), [own]);
  assert.deepEqual(await tokens(ben), []);

  const foreign = await ben.from('push_tokens').insert({ user_id: asha.id, token: 'ExponentPushToken[of-ben]' });
  assert.equal(foreign.error?.code, '42501');
  await forgetToken(ben, TOKEN);
  assert.deepEqual(await tokens(asha), [own], 'another user cannot forget it');

  await createJob(asha);
  await eventually('a push to the phone', async () => (await pushedTo()).includes(TOKEN));
  const { data } = await asha.from('user_notifications').select('data').single().throwOnError();
  const { data: plan } = await asha.from('weekly_base_plans').select('id').single().throwOnError();
  assert.deepEqual(targetOf(data.data), { pathname: '/plan-preview', params: { planId: plan.id } });

  assert.equal(await registerToken(ben, TOKEN, { platform: 'ios' }), undefined);
  assert.notEqual((await tokens(asha))[0]?.disabled_at, null);
  assert.deepEqual(
    (await tokens(ben)).map((row) => [row.user_id, row.disabled_at]),
    [[ben.id, null]],
  );
  await forgetToken(ben, TOKEN);
  assert.deepEqual(await tokens(ben), []);
});

test('a week of the phone is stored beside those of the server', async () => {
  const asha = await mesocycle.user(createClient);
  const { days } = planOnPhone(firstAnswers);
  await asha.from('weekly_base_plans').insert({ days, status: 'generated' }).throwOnError();
  const { data } = await asha.from('weekly_base_plans').select('days, generation_job_id').single().throwOnError();
  assert.deepEqual(data, { days, generation_job_id: null });
});

test('a tapped notification leads to its plan, and nothing else leads anywhere', () => {
  assert.deepEqual(targetOf({ type: 'base_plan_ready', screen: '/plan-preview', planId: 'plan-1' }), {
    pathname: '/plan-preview',
    params: { planId: 'plan-1' },
  });
  assert.deepEqual(targetOf({ type: 'workout_plan_ready', requestId: 'request-1', workoutPlanId: 'plan-2' }), {
    pathname: '/workout-plan',
    params: { workoutPlanId: 'plan-2' },
  });
  for (const data of [
    null,
    undefined,
    'text',
    {},
    { type: 'base_plan_failed', jobId: 'job-1' },
    { screen: '/plan-preview' },
  ]) {
    assert.equal(targetOf(data), null);
  }
});

test('the phone plans what it can, and says what it cannot', () => {
  const { days } = planOnPhone(firstAnswers);
  assert.ok(days);
  assert.deepEqual(
    barsOf(days).map((bar) => [bar.name, bar.value]),
    [
      ['Mon', 8],
      ['Tue', 0],
      ['Wed', 8],
      ['Thu', 0],
      ['Fri', 8],
      ['Sat', 0],
      ['Sun', 0],
    ],
  );
  assert.match(planOnPhone({ ...firstAnswers, injuries: 'knee' }).refusal ?? '', /injuries/);
  assert.match(planOnPhone({ ...firstAnswers, goal: 'ENDURANCE' }).refusal ?? '', /strength/);
  assert.match(planOnPhone({ ...firstAnswers, trainingDays: 5 }).refusal ?? '', /three/);
});

test('an estimate is the middle of the last plans, and promises nothing', () => {
  const took = (seconds: number) => ({
    created_at: '2026-11-22T10:00:00.000000+00:00',
    completed_at: new Date(Date.parse('2026-11-22T10:00:00Z') + seconds * 1000).toISOString(),
  });
  assert.equal(estimateOf([]), undefined);
  assert.equal(estimateOf([took(10), took(300), took(20), { ...took(1), completed_at: null }]), 20_000);
  assert.equal(fractionByClock(undefined, 5_000), undefined);
  assert.equal(fractionByClock(20_000, 5_000), 0.25);
  assert.equal(fractionByClock(20_000, 500_000), 0.95);
  assert.equal(spoken(125_400), '2 min 5 s');
  assert.match(estimateSentence(undefined, 0), /not known yet/);
  assert.match(estimateSentence(20_000, 30_000), /longer/);
});

test('progress counts the steps that are done and the exercises of this one', () => {
  const request = {
    status: 'processing',
    current_step: 0,
    total_steps: 3,
    exercises_completed: 0,
    exercises_total: 0,
  } as const;
  assert.equal(fractionOf(request), 0);
  assert.equal(fractionOf({ ...request, current_step: 2 }), 1 / 3);
  assert.equal(fractionOf({ ...request, current_step: 3, exercises_completed: 5, exercises_total: 10 }), 2.5 / 3);
  assert.equal(fractionOf({ ...request, status: 'completed' }), 1);
});
