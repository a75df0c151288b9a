/** Tables, functions of the database and accounts, by the unmodified client. */

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { athlete, createJob, eventually, Mesocycle, type Supabase, versions } from './support.ts';

const mesocycle = await Mesocycle.start();

async function completed(client: Supabase, job: string): Promise<string> {
  const row = await eventually('the plan', async () => {
    const { data } = await client.from('plan_generation_jobs').select('*').eq('id', job).maybeSingle();
    return data?.status === 'completed' ? data : undefined;
  });
  return row.result_plan_id;
}

for (const [version, createClient] of versions) {
  test(`${version}: a row is inserted, watched to its end, and its plan read, changed and deleted`, async () => {
    const user = await mesocycle.user(createClient);
    const jobs = () => user.from('plan_generation_jobs');
    const inserted = await jobs().insert({ profile_snapshot: athlete }).select().single();
    assert.equal(inserted.error, null);
    assert.deepEqual([inserted.status, inserted.data.user_id], [201, user.id]);
    const plan = await completed(user, inserted.data.id);

    const { data: week } = await user
      .from('weekly_base_plans')
      .select('id, days->monday->workout->focus')
      .eq('id', plan)
      .single();
    assert.ok(Array.isArray(week?.focus), JSON.stringify(week));
    const counted = await jobs().select('*', { count: 'exact', head: true }).in('status', ['completed', 'failed']);
    assert.equal(counted.count, 1);
    const none = await jobs().select('*').eq('id', randomUUID()).maybeSingle();
    assert.deepEqual([none.data, none.error], [null, null]);
    const single = await jobs().select('*').eq('id', randomUUID()).single();
    assert.deepEqual([single.status, single.error?.code], [406, 'PGRST116']);

    const updated = await user.from('weekly_base_plans').update({ is_locked: true }).eq('id', plan).select('is_locked');
    assert.deepEqual(updated.data, [{ is_locked: true }]);
    const refused = await jobs().update({ status: 'completed' }).eq('id', inserted.data.id);
    assert.deepEqual([refused.status, refused.error?.code], [403, '42501']);
    const deleted = await user.from('weekly_base_plans').delete().eq('id', plan);
    assert.deepEqual([deleted.error, deleted.status], [null, 204]);
  });

  test(`${version}: a second job is a conflict, and a bad question is told as PostgREST does`, async () => {
    const user = await mesocycle.user(createClient);
    // Many at once: one is in, whichever is first.
    const inserts = Array.from({ length: 5 }, () =>
      user.from('plan_generation_jobs').insert({ profile_snapshot: athlete }),
    );
    const answers = await Promise.all(inserts);
    const refused = answers.filter(({ error }) => error !== null);
    assert.ok(refused.length < 5);
    for (const { status, error } of refused) {
      assert.deepEqual([status, error?.code], [409, '23505']);
    }
    const column = await user.from('plan_generation_jobs').select('nothing');
    assert.deepEqual([column.status, column.error?.code], [400, '42703']);
    const table = await user.from('nothing').select('*');
    assert.deepEqual([table.status, table.error?.code], [404, 'PGRST205']);
    const value = await user.from('plan_generation_jobs').select('*').eq('id', 'no uuid');
    assert.deepEqual([value.status, value.error?.code], [400, '22P02']);
  });

  test(`${version}: a phone is registered by an upsert, twice`, async () => {
    const user = await mesocycle.user(createClient);
    const row = { user_id: user.id, token: `ExponentPushToken[${randomUUID()}]`, device_info: { os: 'ios' } };
    for (let time = 0; time < 2; time++) {
      const { error } = await user.from('push_tokens').upsert(row, { onConflict: 'user_id,token' });
      assert.equal(error, null);
    }
    const { data } = await user.from('push_tokens').select('token, device_info');
    assert.deepEqual(data, [{ token: row.token, device_info: { os: 'ios' } }]);
  });

  test(`${version}: the eight weeks are read with their exercises, in order and by parts`, async () => {
    const user = await mesocycle.user(createClient);
    const { data: asked } = await user.rpc('request_workout_plan', {
      p_user_profile: 'Build muscle, 3 days a week, gym.',
    });
    const request = await eventually('the plan', async () => {
      const { data } = await user.from('workout_plan_requests').select('*').eq('request_id', asked.request_id).single();
      return data?.status === 'completed' ? data : undefined;
    });
    const { data: plan, error } = await user
      .from('workout_plans')
      .select(
        'id, status, workout_entries(week_number, day, position, exercises!workout_entries_exercise_id_fkey(name))',
      )
      .eq('id', request.workout_plan_id)
      .single();
    assert.equal(error, null);
    const entries: any[] = plan?.workout_entries ?? [];
    assert.equal(new Set(entries.map((entry) => entry.week_number)).size, 8);
    assert.equal(typeof entries[0].exercises.name, 'string');
    const page = await user
      .from('workout_entries')
      .select('week_number, position', { count: 'exact' })
      .or('week_number.eq.1,week_number.eq.2')
      .not('exercise_id', 'is', null)
      .order('week_number', { ascending: false })
      .order('position')
      .range(0, 2);
    assert.equal(page.error, null);
    assert.deepEqual([page.data?.length, page.data?.[0]?.week_number], [3, 2]);
    assert.ok((page.count ?? 0) > 3);
    const paused = await user
      .from('workout_plans')
      .update({ status: 'paused' })
      .eq('id', plan?.id)
      .select('status')
      .single();
    assert.equal(paused.data?.status, 'paused');
  });

  test(`${version}: functions of the database answer, and refuse in our words`, async () => {
    const user = await mesocycle.user(createClient);
    const { data } = await user.rpc('create_plan_job', {
      p_profile_snapshot: athlete,
      p_options: { idempotencyKey: 'k' },
    });
    assert.equal(data.status, 'created');
    await completed(user, data.jobId);
    const active = await user.rpc('get_active_plan_job', { p_user_id: user.id });
    assert.deepEqual([active.error, active.data], [null, []]);
    const cancelled = await user.rpc('cancel_plan_job', { p_job_id: data.jobId });
    assert.deepEqual([cancelled.status, cancelled.error?.details], [409, 'INVALID_STATE']);
    const foreign = await user.rpc('claim_next_plan_job', { p_worker_id: 'me' });
    assert.deepEqual([foreign.status, foreign.error?.code], [403, '42501']);
    const unknown = await user.rpc('no_such_function', {});
    assert.deepEqual([unknown.status, unknown.error?.code], [404, 'PGRST202']);
  });

  test(`${version}: two users never see each other's rows, and nobody sees any`, async () => {
    const [one, two] = [await mesocycle.user(createClient), await mesocycle.user(createClient)];
    const job = await createJob(one);
    const plan = await completed(one, job);
    const nobody = mesocycle.client(createClient);
    for (const table of ['plan_generation_jobs', 'weekly_base_plans', 'user_notifications']) {
      const own = await one.from(table).select('*');
      assert.equal(own.data?.length, 1, table);
      assert.deepEqual((await two.from(table).select('*')).data, [], table);
      const hidden = await nobody.from(table).select('*');
      assert.deepEqual([hidden.data ?? [], hidden.status], [[], hidden.error ? 401 : 200], table);
    }
    const stolen = await two.from('weekly_base_plans').update({ is_locked: true }).eq('id', plan).select();
    assert.deepEqual(stolen.data, []);
    const given = await two.from('plan_generation_jobs').insert({ user_id: one.id, profile_snapshot: athlete });
    assert.equal(given.status, 403);
    assert.equal((await two.rpc('cancel_plan_job', { p_job_id: job })).status, 404);
    assert.equal(
      (await mesocycle.service(createClient).from('weekly_base_plans').select('id').eq('id', plan)).data?.length,
      1,
    );
  });

  test(`${version}: an account, from signing up to signing out`, async () => {
    const client = mesocycle.client(createClient);
    const [email, password] = [`${randomUUID()}@example.com`, randomUUID()];
    assert.equal((await client.auth.signUp({ email, password })).error, null);
    await client.auth.signOut();
    assert.equal(
      (await client.auth.signInWithPassword({ email, password: 'wrong' })).error?.code,
      'invalid_credentials',
    );
    const { data } = await client.auth.signInWithPassword({ email, password });
    const refreshed = await client.auth.refreshSession();
    assert.equal(refreshed.error, null);
    assert.notEqual(refreshed.data.session?.refresh_token, data.session?.refresh_token);
    assert.equal((await client.auth.getUser()).data.user?.email, email);
    const { data: anonymous } = await mesocycle.client(createClient).auth.signInAnonymously();
    assert.equal(anonymous.user?.is_anonymous, true);
  });
}
