/** Waiting: through sleep, missed events, lost connections, and to every end. */

import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { type JobStatusResult, type PlanJob, waitForJobCompletion, waitForWorkoutPlan } from '@mesocycle/client';
import { FakeChannel, type FakeSupabase, fresh, job, pass, plan, request, settle } from './fake.ts';

let fake: FakeSupabase;
beforeEach(() => {
  fake = fresh();
  fake.tables.plan_generation_jobs = [job()];
});

const MINUTE = 60_000;

/** Starts to wait for job-1, and remembers what happens. */
function waiting(maxWaitMs?: number, signal?: AbortSignal) {
  const seen: string[] = [];
  let ended: JobStatusResult | undefined;
  const onProgress = (row: PlanJob) => seen.push(row.status);
  waitForJobCompletion('job-1', onProgress, maxWaitMs, signal && { signal }).then((result) => {
    ended = result;
  });
  return { seen, result: () => ended };
}

function becomes(changes: object): void {
  fake.tables.plan_generation_jobs = [job({ ...changes })];
}

function completes(): void {
  fake.tables.weekly_base_plans = [plan()];
  becomes({ status: 'completed', result_plan_id: 'plan-1' });
}

/** Asserts that nothing of a wait that is over goes on. */
async function assertClean(): Promise<void> {
  const reads = fake.reads;
  await pass(10 * MINUTE);
  assert.equal(fake.reads, reads, 'a timer was left behind');
  assert.deepEqual(fake.open, [], 'a channel was left behind');
}

test('each change that Realtime tells of is read and told, and the plan comes with the end', async () => {
  const wait = waiting();
  await settle();
  const [channel] = fake.channels;
  assert.ok(channel);
  assert.deepEqual(FakeChannel.bindings.get(channel), {
    event: '*',
    schema: 'public',
    table: 'plan_generation_jobs',
    filter: 'id=eq.job-1',
  });
  channel.status('SUBSCRIBED');
  await settle();
  becomes({ status: 'processing' });
  channel.change();
  await settle();
  becomes({ status: 'pending', retry_count: 1, error_code: 'AI_TIMEOUT' });
  channel.change();
  await settle();
  completes();
  channel.change();
  await settle();
  assert.deepEqual(wait.seen, ['pending', 'processing', 'pending', 'completed']);
  assert.equal(wait.result()?.success, true);
  assert.equal(wait.result()?.job?.result_plan_id, 'plan-1');
  assert.deepEqual(wait.result()?.plan, {
    id: 'plan-1',
    userId: 'user-1',
    createdAt: '2026-11-22T10:00:30+00:00',
    days: { monday: {} },
    isLocked: false,
    version: 1,
    status: 'generated',
    weekStartDate: '2026-11-16',
    generationJobId: 'job-1',
    lastRedoDate: null,
    isActive: false,
  });
  await assertClean();
});

test('what happened before the channel was there is read when it is', async () => {
  const wait = waiting();
  await settle();
  completes();
  fake.channels[0]?.status('SUBSCRIBED');
  await settle();
  assert.equal(wait.result()?.success, true);
  await assertClean();
});

test('an event during a read asks for another read, and twenty for one', async () => {
  const wait = waiting();
  await settle();
  fake.channels[0]?.status('SUBSCRIBED');
  const reads = fake.reads;
  for (let event = 0; event < 20; event++) {
    fake.channels[0]?.change();
  }
  completes();
  await settle();
  assert.equal(wait.result()?.success, true);
  assert.ok(fake.reads - reads <= 4, `${fake.reads - reads} reads`);
});

test('an event that never came is made up for by the timer', async () => {
  const wait = waiting();
  await settle();
  fake.channels[0]?.status('SUBSCRIBED');
  await settle();
  completes();
  await pass(14_000);
  assert.equal(wait.result(), undefined);
  await pass(1_000);
  assert.equal(wait.result()?.success, true);
  await assertClean();
});

test('without Realtime it looks again, ever more slowly', async () => {
  const wait = waiting(20 * MINUTE);
  await settle();
  const pauses: number[] = [];
  let reads = fake.reads;
  for (let second = 0, last = 0; second < 90; second++) {
    await pass(1_000);
    if (fake.reads > reads) {
      reads = fake.reads;
      pauses.push(second - last);
      last = second;
    }
  }
  assert.deepEqual(pauses.slice(1), [3, 5, 7, 11, 15, 15, 15, 15]);
  completes();
  await pass(15_000);
  assert.equal(wait.result()?.success, true);
  await assertClean();
});

test('a device that slept for an hour reads once more before it gives up', async () => {
  const wait = waiting();
  await settle();
  fake.channels[0]?.status('SUBSCRIBED');
  await settle();
  completes();
  // The clock moved on, and the timer that was due fires late.
  mock.timers.setTime(Date.now() + 60 * MINUTE);
  await pass(1);
  assert.equal(wait.result()?.success, true);
  await assertClean();
});

test('a question that was on its way when the device fell asleep is given up and asked again', async () => {
  const wait = waiting();
  fake.isSilent = true;
  await settle();
  fake.isSilent = false;
  completes();
  await pass(19_000);
  assert.equal(wait.result(), undefined);
  await pass(1_000);
  await pass(2_000);
  assert.equal(wait.result()?.success, true);
  await assertClean();
});

test('a network that is away is waited for', async () => {
  const wait = waiting();
  fake.isOffline = true;
  await settle();
  await pass(5 * MINUTE);
  assert.equal(wait.result(), undefined);
  assert.deepEqual(wait.seen, []);
  fake.isOffline = false;
  completes();
  await pass(15_000);
  assert.equal(wait.result()?.success, true);
});

test('a channel in error joins again by itself, and the join reads', async () => {
  const wait = waiting();
  await settle();
  const [channel] = fake.channels;
  channel?.status('SUBSCRIBED');
  channel?.status('CHANNEL_ERROR');
  await settle();
  completes();
  channel?.status('SUBSCRIBED');
  await settle();
  assert.equal(wait.result()?.success, true);
  assert.equal(fake.channels.length, 1);
  await assertClean();
});

test('a channel that errs each second does not keep the timer from looking', async () => {
  const wait = waiting();
  await settle();
  for (let second = 0; second < 5; second++) {
    fake.channels[0]?.status('CHANNEL_ERROR');
    await pass(1_000);
  }
  assert.ok(fake.reads > 1);
  completes();
  await pass(15_000);
  assert.equal(wait.result()?.success, true);
});

test('a channel that was closed is made anew', async () => {
  const wait = waiting();
  await settle();
  fake.channels[0]?.status('SUBSCRIBED');
  await settle();
  fake.channels[0]?.status('CLOSED');
  await pass(2_000);
  assert.equal(fake.channels.length, 2);
  assert.equal(fake.open.length, 1);
  fake.channels[1]?.status('SUBSCRIBED');
  await settle();
  completes();
  fake.channels[1]?.change();
  await settle();
  assert.equal(wait.result()?.success, true);
  await assertClean();
});

test('the token is told to Realtime before the join, and a Realtime that breaks is done without', async () => {
  let tell: () => void = () => {};
  fake.setAuth = () => new Promise((resolve) => (tell = resolve));
  const wait = waiting();
  await settle();
  assert.equal(fake.channels[0]?.isJoining, false);
  tell();
  await settle();
  assert.equal(fake.channels[0]?.isJoining, true);

  fake.channel = () => {
    throw new Error('WebSocket not available');
  };
  const blind = waiting();
  await settle();
  completes();
  await pass(15_000);
  assert.equal(wait.result()?.success, true);
  assert.equal(blind.result()?.success, true);
});

test('a failed job ends with its sentence and code', async () => {
  const wait = waiting();
  await settle();
  becomes({ status: 'failed', error_message: 'You cancelled this plan.', error_code: 'USER_CANCELLED' });
  await pass(2_000);
  assert.deepEqual(
    { ...wait.result(), job: wait.result()?.job?.status },
    { success: false, job: 'failed', error: 'You cancelled this plan.', code: 'USER_CANCELLED' },
  );
  await assertClean();
});

test('time runs out, with what was known last', async () => {
  const wait = waiting();
  await settle();
  becomes({ status: 'processing' });
  for (let minute = 0; minute < 9; minute++) {
    for (let quarter = 0; quarter < 4; quarter++) {
      await pass(15_000);
    }
  }
  assert.equal(wait.result(), undefined);
  for (let quarter = 0; quarter < 4; quarter++) {
    await pass(15_000);
  }
  assert.deepEqual(
    [wait.result()?.success, wait.result()?.code, wait.result()?.job?.status],
    [false, 'TIMED_OUT', 'processing'],
  );
  await assertClean();
});

test('a wait of no time at all reads once', async () => {
  const wait = waiting(0);
  await settle();
  assert.equal(wait.result()?.code, 'TIMED_OUT');
  assert.equal(fake.reads, 1);
  await assertClean();
});

test('a job that is not there, or not there any more, ends the waiting', async () => {
  const wait = waiting();
  await settle();
  fake.tables.plan_generation_jobs = [];
  await pass(2_000);
  assert.deepEqual([wait.result()?.success, wait.result()?.code], [false, 'NOT_FOUND']);
  await assertClean();
});

test('a signal ends the waiting at once, also one that was given before', async () => {
  const controller = new AbortController();
  const wait = waiting(undefined, controller.signal);
  await settle();
  fake.isSilent = true;
  fake.channels[0]?.status('SUBSCRIBED');
  controller.abort();
  await settle();
  assert.deepEqual(
    [wait.result()?.success, wait.result()?.code, wait.result()?.job?.status],
    [false, 'ABORTED', 'pending'],
  );
  await assertClean();
  const late = waiting(undefined, controller.signal);
  await settle();
  assert.equal(late.result()?.code, 'ABORTED');
});

test('a callback that throws is the app’s affair and ends nothing', async () => {
  const printed = mock.method(console, 'error', () => {});
  const result = waitForJobCompletion('job-1', () => {
    throw new Error('the app');
  });
  completes();
  await pass(2_000);
  assert.equal((await result).success, true);
  assert.ok(printed.mock.callCount() > 0);
  printed.mock.restore();
});

test('a plan that could not be read with its job is read again', async () => {
  const wait = waiting();
  await settle();
  completes();
  const from = fake.from.bind(fake);
  fake.from = (table) => {
    if (table === 'weekly_base_plans') {
      throw new Error('fetch failed');
    }
    return from(table);
  };
  await pass(2_000);
  assert.equal(wait.result(), undefined);
  fake.from = from;
  await pass(15_000);
  assert.equal(wait.result()?.plan?.id, 'plan-1');
});

test('a workout plan is waited for by the id that the app knows', async () => {
  fake.tables.workout_plan_requests = [request()];
  const steps: unknown[] = [];
  const result = waitForWorkoutPlan('request-1', (row) => steps.push(row.current_step));
  await settle();
  const [channel] = fake.channels;
  assert.ok(channel);
  assert.match(
    JSON.stringify(FakeChannel.bindings.get(channel)),
    /"workout_plan_requests","filter":"request_id=eq.request-1"/,
  );
  channel.status('SUBSCRIBED');
  fake.tables.workout_plan_requests = [request({ current_step: 2 })];
  channel.change();
  await settle();
  fake.tables.workout_plan_requests = [request({ current_step: 3, status: 'completed', workout_plan_id: 'plan-7' })];
  channel.change();
  const { success, workoutPlanId } = await result;
  assert.deepEqual([success, workoutPlanId, steps], [true, 'plan-7', [0, 2, 3]]);
  await assertClean();

  fake.tables.workout_plan_requests = [
    request({ status: 'failed', error_message: 'Please ask a doctor first.', error_code: 'NEEDS_CLEARANCE' }),
  ];
  const failed = await waitForWorkoutPlan('request-1');
  assert.deepEqual(
    [failed.success, failed.error, failed.code],
    [false, 'Please ask a doctor first.', 'NEEDS_CLEARANCE'],
  );
});
