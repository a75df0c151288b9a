/** `supabase.channel(…)` of the unmodified client: every change, through restarts and new tokens, each user to their own. */

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { athlete, type Change, createJob, eventually, listen, Mesocycle, versions } from './support.ts';

const mesocycle = await Mesocycle.start();

const said = (changes: Change[]) => changes.map((change) => `${change.eventType} ${change.new.status}`);
const hasEnded = (changes: Change[], job: string) =>
  changes.some((change) => change.new.id === job && change.new.status === 'completed');

for (const [version, createClient] of versions) {
  test(`${version}: every change of a job's status arrives, in order, as the row then was`, async () => {
    const user = await mesocycle.user(createClient);
    const all = await listen(user, 'plan_generation_jobs', `user_id=eq.${user.id}`);
    const updates = await listen(user, 'plan_generation_jobs', `user_id=eq.${user.id}`, 'UPDATE');
    const job = await createJob(user);
    await eventually('the end', () => hasEnded(all.changes, job) && hasEnded(updates.changes, job));
    assert.deepEqual(said(all.changes), ['INSERT pending', 'UPDATE processing', 'UPDATE completed']);
    assert.deepEqual(said(updates.changes), ['UPDATE processing', 'UPDATE completed']);
    for (const change of all.changes) {
      assert.deepEqual([change.new.id, change.new.user_id, change.errors], [job, user.id, null]);
    }
    const { data: row } = await user.from('plan_generation_jobs').select('*').eq('id', job).single();
    assert.deepEqual(all.changes.at(-1)?.new, row);
    assert.deepEqual(all.changes.at(-1)?.old, { id: job });
  });

  test(`${version}: a workout plan's progress arrives, by the id that the app knows`, async () => {
    const user = await mesocycle.user(createClient);
    const request = randomUUID();
    const { changes } = await listen(user, 'workout_plan_requests', `request_id=eq.${request}`);
    const row = { request_id: request, user_profile: 'Build muscle, 3 days a week, gym.' };
    assert.equal((await user.from('workout_plan_requests').insert(row)).error, null);
    await eventually('the end', () => changes.at(-1)?.new.status === 'completed');
    assert.equal(changes[0]?.eventType, 'INSERT');
    const steps = changes.map((change) => change.new.current_step);
    assert.deepEqual(steps, [...steps].sort());
    assert.equal(typeof changes.at(-1)?.new.workout_plan_id, 'string');
  });

  test(`${version}: two users who listen to everything never hear of each other, and nobody hears anything`, async () => {
    const [one, two] = [await mesocycle.user(createClient), await mesocycle.user(createClient)];
    const nobody = await listen(mesocycle.client(createClient), 'plan_generation_jobs');
    const [ears, others] = [await listen(one, 'plan_generation_jobs'), await listen(two, 'plan_generation_jobs')];
    const [own, theirs] = await Promise.all([createJob(one), createJob(two)]);
    await eventually('both ends', () => hasEnded(ears.changes, own) && hasEnded(others.changes, theirs));
    assert.deepEqual(new Set(ears.changes.map((change) => change.new.user_id)), new Set([one.id]));
    assert.deepEqual(new Set(others.changes.map((change) => change.new.user_id)), new Set([two.id]));
    // Who may not even read the table's key is told that, and nothing else.
    for (const { errors, new: row, old } of nobody.changes) {
      assert.deepEqual([errors, row, old], [['Error 401: Unauthorized'], {}, {}]);
    }
  });

  test(`${version}: after a restart of ours the channel is there again by itself, and goes on`, async () => {
    const own = await Mesocycle.start();
    const user = await own.user(createClient);
    const { changes, statuses, subscribed } = await listen(user, 'plan_generation_jobs', `user_id=eq.${user.id}`);
    await own.stop();
    await eventually('the loss', () => statuses.some((status) => status.startsWith('CHANNEL_ERROR')));
    await own.startAgain();
    await subscribed();
    const job = await createJob(user);
    await eventually('the end', () => hasEnded(changes, job));
    assert.deepEqual(said(changes), ['INSERT pending', 'UPDATE processing', 'UPDATE completed']);
  });

  test(`${version}: a token that is refreshed in the middle of a channel changes nothing for it`, async () => {
    const user = await mesocycle.user(createClient);
    const { changes, statuses } = await listen(user, 'plan_generation_jobs', `user_id=eq.${user.id}`);
    assert.equal((await user.auth.refreshSession()).error, null);
    const job = await createJob(user);
    await eventually('the end', () => hasEnded(changes, job));
    assert.deepEqual(statuses, ['SUBSCRIBED']);
  });

  test(`${version}: a token that runs out ends in an error, and with the next one the channel joins by itself`, async () => {
    const id = randomUUID();
    let token = mesocycle.token(id, 3);
    const user = mesocycle.client(createClient, { accessToken: async () => token });
    await user.realtime.setAuth();
    const { changes, statuses, subscribed } = await listen(user, 'plan_generation_jobs', `user_id=eq.${id}`);
    await eventually('the end of the token', () => statuses.some((status) => status.startsWith('CHANNEL_ERROR')));
    token = mesocycle.token(id, 3600);
    await subscribed();
    const service = mesocycle.service(createClient);
    const { data, error } = await service.rpc('create_plan_job', {
      p_profile_snapshot: athlete,
      p_options: { userId: id },
    });
    assert.equal(error, null);
    await eventually('the end', () => hasEnded(changes, data.jobId));
  });

  test(`${version}: what is not there, or wrong, is told in the status`, async () => {
    const user = await mesocycle.user(createClient);
    const systems: unknown[] = [];
    const channel = user
      .channel('wrong')
      .on('system' as never, {} as never, (message: unknown) => systems.push(message));
    channel.on(
      'postgres_changes',
      { event: '*', schema: 'public', table: 'plan_generation_jobs', filter: 'nothing=eq.1' },
      () => {},
    );
    channel.subscribe();
    await eventually('the system message', () => JSON.stringify(systems).includes('"error"'));
    await user.removeChannel(channel);
  });

  test(`${version}: broadcast and presence do no harm`, async () => {
    const [one, two] = [await mesocycle.user(createClient), await mesocycle.user(createClient)];
    const heard: unknown[] = [];
    const ears = one.channel('room').on('broadcast', { event: 'hello' }, ({ payload }) => heard.push(payload));
    const mouth = two.channel('room', { config: { presence: { key: two.id } } });
    const states: string[] = [];
    ears.subscribe((status) => states.push(status));
    mouth.subscribe((status) => states.push(status));
    await eventually('both', () => states.length === 2);
    assert.deepEqual(states, ['SUBSCRIBED', 'SUBSCRIBED']);
    assert.equal(await mouth.track({ online: true }), 'ok');
    await mouth.send({ type: 'broadcast', event: 'hello', payload: { x: 1 } });
    await eventually('the broadcast', () => heard.length === 1);
    assert.deepEqual(heard, [{ x: 1 }]);
  });
}
