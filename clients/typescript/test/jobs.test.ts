/** Asking: what is sent, what comes back, and that nothing is ever thrown. */

import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import * as client from '@mesocycle/client';
import { type FakeSupabase, fresh, job, pass, plan, request, settle } from './fake.ts';

let fake: FakeSupabase;
beforeEach(() => {
  fake = fresh();
});

const athlete = { goal: 'MUSCLE_GAIN', trainingDays: 4 };

/** What supabase-js makes of an answer that is not 2xx. */
function refusal(body: string) {
  return { error: { message: 'Edge Function returned a non-2xx status code', context: new Response(body) } };
}

test('a profile and its options go out as the function takes them, and its answer comes back as it is', async () => {
  const answers = [
    { success: true, status: 'created', jobId: 'job-1' },
    { success: true, status: 'existing', existingJobId: 'job-1' },
    { success: true, status: 'plan_exists', existingPlanId: 'p', existingPlanStatus: 'active', redoAllowed: false },
    { success: false, status: 'redo_limit_reached', error: 'Come back tomorrow.', redoAllowed: false },
  ];
  for (const data of answers) {
    fake.answer = () => ({ data });
    const options = { redo: true, redoReason: 'too hard', redoType: 'workout' as const, idempotencyKey: 'press-1' };
    assert.deepEqual(await client.createServerPlanJob(athlete, options), data);
    assert.deepEqual(fake.asked.at(-1), { name: 'create-plan-job', body: { profileSnapshot: athlete, ...options } });
  }
});

test('create and trigger nudges the queue, but not after a refusal, and does not wait for it', async () => {
  fake.answer = (name) =>
    name === 'create-plan-job' ? { data: { success: true, status: 'created', jobId: 'job-1' } } : new Promise(() => {});
  assert.equal((await client.createAndTriggerServerPlanJob(athlete)).jobId, 'job-1');
  assert.deepEqual(
    fake.asked.map(({ name }) => name),
    ['create-plan-job', 'process-plan-queue'],
  );
  fake.answer = () => refusal('{"success":false,"error":"Too many.","code":"TOO_MANY_REQUESTS"}');
  await client.createAndTriggerServerPlanJob(athlete);
  assert.equal(fake.asked.length, 3);
});

test('a refusal is told in the server’s own words, and what is no answer of ours in plain ones', async () => {
  const body = '{"success":false,"error":"You asked often today.","code":"TOO_MANY_REQUESTS"}';
  fake.answer = () => refusal(body);
  assert.deepEqual(await client.createServerPlanJob(athlete), {
    success: false,
    status: 'error',
    error: 'You asked often today.',
    code: 'TOO_MANY_REQUESTS',
  });
  fake.answer = () => refusal('{"error":"Please sign in first.","code":"UNAUTHORIZED"}');
  assert.deepEqual(await client.generateWorkoutPlan({ userProfile: 'x' }), {
    success: false,
    status: 'error',
    error: 'Please sign in first.',
    code: 'UNAUTHORIZED',
  });
  const odd = [
    () => refusal('<html>Bad gateway</html>'),
    () => ({ data: 'a text' }),
    () => ({ data: null }),
    () => ({ error: 'a text' }),
    () => ({ error: {} }),
    () => ({ error: new Error('Failed to send a request to the Edge Function') }),
    () => Promise.reject(new Error('boom')),
    () => {
      throw undefined;
    },
  ];
  for (const answer of odd) {
    fake.answer = answer;
    const { success, status, error } = await client.createServerPlanJob(athlete);
    assert.deepEqual([success, status], [false, 'error']);
    assert.ok(error && error.length > 3, `${answer}`);
  }
});

test('a question without an answer is given up', async () => {
  fake.answer = () => new Promise(() => {});
  const results = Promise.all([client.createServerPlanJob(athlete), client.isServerGenerationAvailable()]);
  await pass(20_000);
  const [created, available] = await results;
  assert.deepEqual([created.status, available], ['error', false]);
});

test('whether the server makes plans, and whether the queue is worked on', async () => {
  fake.answer = () => ({ data: { success: true, status: 'healthy' } });
  assert.equal(await client.isServerGenerationAvailable(), true);
  assert.deepEqual(fake.asked, [{ name: 'create-plan-job', body: { healthCheck: true } }]);
  assert.equal(await client.triggerQueueProcessing(), true);
  for (const answer of [
    () => refusal('{"success":false,"error":"No worker.","code":"NO_WORKER"}'),
    () => ({ data: 'Not Found' }),
    () => Promise.reject(new Error('boom')),
  ]) {
    fake.answer = answer;
    assert.equal(await client.isServerGenerationAvailable(), false);
    assert.equal(await client.triggerQueueProcessing(), false);
  }
});

test('cancel and reset say whether they did', async () => {
  fake.answer = () => ({ data: true });
  assert.equal(await client.cancelJob('job-1'), true);
  assert.equal(await client.resetStuckJob('job-1'), true);
  assert.equal(await client.cancelWorkoutPlan('request-1'), true);
  assert.deepEqual(fake.asked, [
    { name: 'cancel_plan_job', body: { p_job_id: 'job-1' } },
    { name: 'reset_stuck_plan_job', body: { p_job_id: 'job-1' } },
    { name: 'cancel_workout_plan_request', body: { p_request_id: 'request-1' } },
  ]);
  const refused = { message: 'This plan job has ended already.', code: 'PT409', details: 'INVALID_STATE' };
  for (const answer of [() => ({ data: false }), () => ({ error: refused }), () => Promise.reject(new Error('boom'))]) {
    fake.answer = answer;
    assert.equal(await client.cancelJob('job-1'), false);
    assert.equal(await client.resetStuckJob('job-1'), false);
    assert.equal(await client.cancelWorkoutPlan('request-1'), false);
  }
});

test('a job’s status comes with its plan once there is one', async () => {
  fake.tables.plan_generation_jobs = [job({ status: 'processing' })];
  assert.deepEqual(await client.getJobStatus('job-1'), { success: true, job: job({ status: 'processing' }) });
  const completed = job({ status: 'completed', result_plan_id: 'plan-1' });
  fake.tables.plan_generation_jobs = [completed];
  assert.deepEqual(await client.getJobStatus('job-1'), { success: true, job: completed });
  fake.tables.weekly_base_plans = [{ ...plan(), status: 'active' }];
  const { plan: found } = await client.getJobStatus('job-1');
  assert.deepEqual([found?.id, found?.isActive, found?.weekStartDate], ['plan-1', true, '2026-11-16']);
  fake.tables.plan_generation_jobs = [job({ status: 'failed' })];
  assert.equal((await client.getJobStatus('job-1')).success, true);
  assert.equal((await client.getJobStatus('another')).code, 'NOT_FOUND');
  fake.isOffline = true;
  assert.deepEqual(await client.getJobStatus('job-1'), {
    success: false,
    error: 'TypeError: fetch failed',
    code: undefined,
  });
});

test('the active job is the user’s newest that has not ended, the most recent one of the last ten minutes', async () => {
  fake.tables.plan_generation_jobs = [
    job({ id: 'old', status: 'pending', created_at: '2026-11-22T09:30:00+00:00' }),
    job({ id: 'ended', status: 'completed', created_at: '2026-11-22T09:55:00+00:00' }),
    job({ id: 'anothers', user_id: 'user-2', created_at: '2026-11-22T09:59:00+00:00' }),
  ];
  assert.equal((await client.getActiveJob())?.id, 'old');
  assert.equal((await client.getMostRecentJob())?.id, 'ended');
  fake.session = null;
  assert.equal((await client.getActiveJob())?.id, 'anothers');
  fake.auth.getSession = () => {
    throw new Error('Supabase Client is configured with the accessToken option');
  };
  assert.equal((await client.getActiveJob())?.id, 'anothers');
  mock.timers.setTime(Date.UTC(2026, 10, 22, 10, 30));
  assert.equal(await client.getMostRecentJob(), null);
  fake.isOffline = true;
  assert.equal(await client.getActiveJob(), null);
  assert.equal(await client.getMostRecentJob(), null);
});

test('a job is stuck when it is processing and its lock has lapsed, and only then', () => {
  const stuck = (status: string, lockedUntil: string | null) =>
    client.isJobStuck({ status: status as 'pending', locked_until: lockedUntil });
  assert.equal(stuck('processing', '2026-11-22T09:59:59.999999+00:00'), true);
  assert.equal(stuck('processing', '2026-11-22T10:59:59.999999+01:00'), true);
  assert.equal(stuck('processing', '2026-11-22T10:00:00.000001+00:00'), false);
  assert.equal(stuck('processing', '2026-11-22T10:05:00Z'), false);
  assert.equal(stuck('processing', null), false);
  for (const status of ['pending', 'completed', 'failed']) {
    assert.equal(stuck(status, '2026-11-22T09:00:00+00:00'), false);
  }
});

test('a timestamp goes to the phone with three digits of a second, since some read microseconds as seconds', () => {
  const parse = mock.method(Date, 'parse');
  for (const [timestamp, read] of [
    ['2026-11-22T09:59:59.999999+00:00', '2026-11-22T09:59:59.999+00:00'],
    ['2026-11-22T09:59:59+00:00', '2026-11-22T09:59:59+00:00'],
  ]) {
    client.isJobStuck({ status: 'processing', locked_until: timestamp as string });
    assert.deepEqual(parse.mock.calls.at(-1)?.arguments, [read]);
  }
  parse.mock.restore();
});

test('a workout plan is asked for with the device’s time zone, unless the app names one', async () => {
  fake.answer = () => ({ data: { request_id: 'request-1', status: 'processing', message: 'Started.' } });
  const result = await client.generateWorkoutPlan({ userProfile: 'Build muscle' });
  assert.deepEqual(result, { success: true, status: 'processing', requestId: 'request-1', message: 'Started.' });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  assert.deepEqual(fake.asked[0]?.body, { userProfile: 'Build muscle', timeZone: zone });
  await client.generateWorkoutPlan({ userProfile: 'x', systemPrompt: 'short', timeZone: 'Asia/Kolkata' });
  assert.deepEqual(fake.asked[1]?.body, { userProfile: 'x', systemPrompt: 'short', timeZone: 'Asia/Kolkata' });
});

test('the running request is found', async () => {
  fake.tables.workout_plan_requests = [request({ status: 'completed' })];
  assert.equal(await client.getActiveWorkoutPlanRequest(), null);
  fake.tables.workout_plan_requests = [request()];
  assert.equal((await client.getActiveWorkoutPlanRequest())?.request_id, 'request-1');
});

test('without a client everything says so and nothing throws', async () => {
  client.init(undefined as any);
  const created = await client.createServerPlanJob(athlete);
  assert.match(created.error ?? '', /init\(supabase\)/);
  assert.match((await client.waitForJobCompletion('job-1')).error ?? '', /init\(supabase\)/);
  assert.match((await client.waitForWorkoutPlan('request-1')).error ?? '', /init\(supabase\)/);
  assert.match((await client.generateWorkoutPlan({ userProfile: 'x' })).error ?? '', /init\(supabase\)/);
  assert.match((await client.getJobStatus('job-1')).error ?? '', /init\(supabase\)/);
  assert.equal(await client.getActiveJob(), null);
  assert.equal(await client.cancelJob('job-1'), false);
  assert.equal(await client.isServerGenerationAvailable(), false);
  await settle();
});
