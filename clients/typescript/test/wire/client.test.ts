/** This package itself against `mesocycle dev`, on both versions of supabase-js. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as client from '../../dist/esm/index.js';
import { athlete, eventually, Mesocycle, versions } from './support.ts';

const mesocycle = await Mesocycle.start();

for (const [version, createClient] of versions) {
  test(`${version}: a weekly plan, from the request to the plan and a redo`, async () => {
    const user = await mesocycle.user(createClient);
    client.init(user);
    assert.equal(await client.isServerGenerationAvailable(), true);
    assert.equal(await client.getActiveJob(), null);
    const created = await client.createAndTriggerServerPlanJob(athlete);
    assert.deepEqual([created.success, created.status], [true, 'created'], JSON.stringify(created));
    const seen: string[] = [];
    const ended = await client.waitForJobCompletion(created.jobId ?? '', (job) => seen.push(job.status), 60_000);
    assert.equal(ended.success, true, JSON.stringify(ended));
    assert.equal(seen.at(-1), 'completed');
    assert.equal(Object.keys(ended.plan?.days ?? {}).length, 7);
    assert.equal(ended.plan?.isActive, false);
    assert.equal((await client.getMostRecentJob())?.id, created.jobId);
    assert.equal((await client.getJobStatus(created.jobId ?? '')).plan?.id, ended.plan?.id);

    const redo = await client.createServerPlanJob(athlete, { redo: true, redoReason: 'too hard', redoType: 'workout' });
    assert.equal(redo.status, 'redo_started', JSON.stringify(redo));
    const redone = await client.waitForJobCompletion(redo.jobId ?? '', undefined, 60_000);
    assert.deepEqual([redone.plan?.id, redone.plan?.version], [ended.plan?.id, 2]);
    assert.equal(await client.cancelJob(redo.jobId ?? ''), false);
    assert.equal(await client.resetStuckJob(redo.jobId ?? ''), false);
    assert.equal(await client.triggerQueueProcessing(), true);
    assert.deepEqual(user.getChannels(), []);
  });

  test(`${version}: a bad profile is told in a sentence`, async () => {
    client.init(await mesocycle.user(createClient));
    const { status, code, error } = await client.createServerPlanJob({ goal: 'GET_BIG', trainingDays: 3 });
    assert.deepEqual([status, code], ['error', 'INVALID_PROFILE']);
    assert.match(error ?? '', /goal/);
    client.init(mesocycle.client(createClient));
    assert.equal((await client.createServerPlanJob(athlete)).code, 'UNAUTHORIZED');
  });

  test(`${version}: a workout plan, and one that needs a doctor's word`, async () => {
    client.init(await mesocycle.user(createClient));
    const asked = await client.generateWorkoutPlan({ userProfile: 'Build muscle, 3 days a week, gym.' });
    const ended = await client.waitForWorkoutPlan(asked.requestId ?? '', undefined, 60_000);
    assert.equal(ended.success, true, JSON.stringify(ended));
    assert.equal(ended.request?.current_step, ended.request?.total_steps);
    const unwell = await client.generateWorkoutPlan({
      userProfile: 'Lose weight. I get chest pain when I climb stairs.',
    });
    const refused = await client.waitForWorkoutPlan(unwell.requestId ?? '', undefined, 60_000);
    assert.deepEqual([refused.success, refused.code], [false, 'NEEDS_CLEARANCE']);
  });

  test(`${version}: a wait goes on through a restart of ours`, async () => {
    const own = await Mesocycle.start();
    const user = await own.user(createClient);
    client.init(user);
    await own.operator(`select durable.pause_queue('weekly_plan')`);
    const { jobId } = await client.createServerPlanJob(athlete);
    const seen: string[] = [];
    const ended = client.waitForJobCompletion(jobId ?? '', (job) => seen.push(job.status), 120_000);
    await eventually('the first read', () => seen.length > 0);
    await own.stop();
    await own.startAgain();
    await own.operator(`select durable.resume_queue('weekly_plan')`);
    assert.equal((await ended).success, true, seen.join());
    assert.equal(seen[0], 'pending');
  });
}
