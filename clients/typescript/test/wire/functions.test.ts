/** `supabase.functions.invoke` of the unmodified client. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { athlete, createJob, eventually, Mesocycle, versions } from './support.ts';

const mesocycle = await Mesocycle.start();

for (const [version, createClient] of versions) {
  test(`${version}: a job is created, found while it runs, and ends as a plan`, async () => {
    const user = await mesocycle.user(createClient);
    const jobId = await createJob(user);
    const again = await user.functions.invoke('create-plan-job', { body: { profileSnapshot: athlete } });
    assert.ok(['existing', 'created'].includes(again.data.status), JSON.stringify(again.data));
    const nudged = await user.functions.invoke('process-plan-queue', { body: { wait: true } });
    assert.equal(nudged.error, null);
    assert.equal(nudged.data.success, true);
    const nothing = await user.functions.invoke('process-plan-queue');
    assert.equal(nothing.data.success, true);
    await eventually('the plan', async () => {
      const { data } = await user.from('plan_generation_jobs').select('status').eq('id', jobId).single();
      return data?.status === 'completed';
    });
  });

  test(`${version}: a key in the header gets the same answer again`, async () => {
    const user = await mesocycle.user(createClient);
    const options = { body: { profileSnapshot: athlete }, headers: { 'Idempotency-Key': 'press-1' } };
    const first = await user.functions.invoke('create-plan-job', options);
    const second = await user.functions.invoke('create-plan-job', options);
    assert.equal(first.data.status, 'created');
    assert.deepEqual(second.data, first.data);
  });

  test(`${version}: a text becomes eight weeks, under both names`, async () => {
    for (const name of ['trigger-workout-plan', 'generate-workout-plan']) {
      const user = await mesocycle.user(createClient);
      const { data } = await user.functions.invoke(name, {
        body: { userProfile: 'Build muscle, 3 days a week, gym.' },
      });
      assert.equal(data.status, 'processing');
      await eventually('the plan', async () => {
        const row = await user.from('workout_plan_requests').select('*').eq('request_id', data.request_id).single();
        return row.data?.status === 'completed';
      });
    }
  });

  test(`${version}: a schedule is set and read back`, async () => {
    const user = await mesocycle.user(createClient);
    await createJob(user);
    const sundays = { cron: '0 18 * * SUN', timeZone: 'Europe/Berlin' };
    const { data, error } = await user.functions.invoke('schedule-regeneration', { body: sundays });
    assert.equal(error, null);
    assert.equal(data.status, 'scheduled');
    const row = await user.from('plan_schedules').select('cron, next_at').single();
    assert.deepEqual(row.data, { cron: sundays.cron, next_at: data.next_at });
  });

  test(`${version}: a refusal is a FunctionsHttpError whose body can be read`, async () => {
    const user = await mesocycle.user(createClient);
    const { data, error } = await user.functions.invoke('create-plan-job', { body: { profileSnapshot: {} } });
    assert.equal(data, null);
    assert.equal(error?.name, 'FunctionsHttpError');
    assert.equal(error.context.status, 400);
    assert.equal((await error.context.json()).code, 'INVALID_PROFILE');
    const nobody = await mesocycle.client(createClient).functions.invoke('process-plan-queue', { body: {} });
    assert.equal(nobody.error?.context.status, 401);
    const health = { body: { healthCheck: true } };
    assert.equal((await mesocycle.client(createClient).functions.invoke('create-plan-job', health)).data.success, true);
    const unknown = await user.functions.invoke('no-such-function', { body: {} });
    assert.equal(unknown.error?.context.status, 404);
  });
}
