/** The hooks, drawn by a real React; of version 19 here and of 18 in `pack.test.ts`. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  type PlanJobState,
  usePlanJob,
  useWorkoutPlanGeneration,
  type WorkoutPlanGenerationState,
} from '@mesocycle/client/react';
import { createElement, StrictMode, version } from 'react';
import { act, create, type ReactTestRenderer } from 'react-test-renderer';
import { type FakeSupabase, fresh, job, pass, plan, request } from './fake.ts';

(globalThis as any).IS_REACT_ACT_ENVIRONMENT = true;

let fake: FakeSupabase;
let drawn: ReactTestRenderer | undefined;
beforeEach(() => {
  fake = fresh();
});
afterEach(async () => {
  await act(async () => drawn?.unmount());
  await pass(0);
  assert.deepEqual(fake.open, [], 'a channel was left behind');
  const reads = fake.reads;
  await pass(600_000);
  assert.equal(fake.reads, reads, 'a timer was left behind');
});

/** Draws a component that uses the hook, twice as StrictMode does; the state is that of the last drawing. */
async function draw<State>(hook: () => State): Promise<() => State> {
  let state: State | undefined;
  const Component = () => {
    state = hook();
    return null;
  };
  const element = () => createElement(StrictMode, null, createElement(Component));
  await act(async () => {
    drawn = create(element());
    await pass(0);
  });
  again = () =>
    act(async () => {
      drawn?.update(element());
      await pass(0);
    });
  return () => state as State;
}

/** Draws the last component once more, with what it is given now. */
let again: () => Promise<void>;

const later = (milliseconds: number) => act(() => pass(milliseconds));

function row(changes: Record<string, unknown>): void {
  fake.tables.plan_generation_jobs = [job(changes)];
}

test(`React ${version}: from the request to the plan`, async () => {
  const state = await draw<PlanJobState>(() => usePlanJob());
  assert.equal(state().status, 'idle');
  fake.answer = () => ({ data: { success: true, status: 'created', jobId: 'job-1' } });
  row({});
  let answer: unknown;
  await act(async () => {
    answer = await state().generate({ goal: 'ENDURANCE', trainingDays: 3 });
    await pass(0);
  });
  assert.deepEqual(answer, { success: true, status: 'created', jobId: 'job-1' });
  assert.deepEqual([state().status, state().job?.id], ['pending', 'job-1']);
  row({ status: 'processing' });
  await later(2_000);
  assert.equal(state().status, 'processing');
  fake.tables.weekly_base_plans = [plan()];
  row({ status: 'completed', result_plan_id: 'plan-1' });
  await later(15_000);
  assert.deepEqual([state().status, state().plan?.id, state().error], ['completed', 'plan-1', undefined]);
});

test(`React ${version}: a job that was running when the app was opened is followed, unless that is not wanted`, async () => {
  row({ status: 'processing' });
  const state = await draw<PlanJobState>(() => usePlanJob());
  assert.deepEqual([state().status, state().job?.id], ['processing', 'job-1']);
  assert.equal(fake.open.length, 1);
  await act(async () => drawn?.unmount());
  assert.equal(fake.open.length, 0);
  const idle = await draw<PlanJobState>(() => usePlanJob({ resume: false }));
  assert.equal(idle().status, 'idle');
});

test(`React ${version}: a job or request that is given is followed, ended or not, and another when another is given`, async () => {
  fake.tables.weekly_base_plans = [plan()];
  row({ status: 'completed', result_plan_id: 'plan-1' });
  const ended = await draw<PlanJobState>(() => usePlanJob({ jobId: 'job-1' }));
  assert.deepEqual([ended().status, ended().plan?.id], ['completed', 'plan-1']);
  await act(async () => drawn?.unmount());

  fake.tables.workout_plan_requests = [
    request({ status: 'failed', error_code: 'AI_TIMEOUT' }),
    request({ request_id: 'request-2' }),
  ];
  let requestId = 'request-1';
  const state = await draw<WorkoutPlanGenerationState>(() => useWorkoutPlanGeneration({ requestId }));
  assert.deepEqual([state().status, state().code], ['failed', 'AI_TIMEOUT']);
  requestId = 'request-2';
  await again();
  assert.deepEqual([state().status, state().request?.request_id], ['processing', 'request-2']);
});

test(`React ${version}: a refusal and a failure say why`, async () => {
  const state = await draw<PlanJobState>(() => usePlanJob());
  fake.answer = () => ({ error: new Error('No network.') });
  await act(async () => {
    await state().generate({});
  });
  assert.deepEqual([state().status, state().error], ['failed', 'No network.']);
  fake.answer = () => ({ data: { success: true, status: 'existing', existingJobId: 'job-1' } });
  row({ status: 'failed', error_message: 'You cancelled this plan.', error_code: 'USER_CANCELLED' });
  await act(async () => {
    await state().generate({});
    await pass(0);
  });
  assert.deepEqual(
    [state().status, state().code, state().error],
    ['failed', 'USER_CANCELLED', 'You cancelled this plan.'],
  );
});

test(`React ${version}: cancelling is seen at once`, async () => {
  row({});
  const state = await draw<PlanJobState>(() => usePlanJob());
  fake.answer = () => {
    row({ status: 'failed', error_message: 'You cancelled this plan.', error_code: 'USER_CANCELLED' });
    return { data: true };
  };
  await act(async () => {
    assert.equal(await state().cancel(), true);
    await pass(0);
  });
  assert.deepEqual([state().status, state().code], ['failed', 'USER_CANCELLED']);
});

test(`React ${version}: a job becomes stuck when its lock lapses, and is reset`, async () => {
  row({ status: 'processing', locked_until: '2026-11-22T10:00:30.000000+00:00' });
  const state = await draw<PlanJobState>(() => usePlanJob());
  await later(15_000);
  assert.equal(state().isStuck, false);
  await later(15_002);
  assert.equal(state().isStuck, true);
  fake.answer = (name) => {
    assert.equal(name, 'reset_stuck_plan_job');
    row({ retry_count: 1 });
    return { data: true };
  };
  await act(async () => {
    assert.equal(await state().reset(), true);
    await pass(0);
  });
  assert.deepEqual([state().status, state().isStuck], ['pending', false]);
});

test(`React ${version}: a workout plan, step by step`, async () => {
  const state = await draw<WorkoutPlanGenerationState>(() => useWorkoutPlanGeneration());
  fake.answer = () => ({ data: { request_id: 'request-1', status: 'processing', message: 'Started.' } });
  fake.tables.workout_plan_requests = [request()];
  await act(async () => {
    await state().generate({ userProfile: 'Build muscle' });
    await pass(0);
  });
  assert.deepEqual([state().status, state().request?.current_step], ['processing', 0]);
  fake.tables.workout_plan_requests = [request({ current_step: 2 })];
  await later(2_000);
  assert.equal(state().request?.current_step, 2);
  fake.tables.workout_plan_requests = [request({ current_step: 3, status: 'completed', workout_plan_id: 'plan-7' })];
  await later(15_000);
  assert.deepEqual([state().status, state().workoutPlanId], ['completed', 'plan-7']);
});
