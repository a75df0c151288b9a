/** The schedule: what is sent, and what comes back. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as client from '@mesocycle/client';
import { fresh } from './fake.ts';

test('a schedule goes out in the zone of the device, and its next time comes back', async () => {
  const fake = fresh();
  fake.answer = () => ({ data: { success: true, status: 'scheduled', next_at: '2026-11-29T17:00:00+00:00' } });
  assert.deepEqual(await client.scheduleRegeneration({ cron: '0 18 * * SUN' }), {
    success: true,
    status: 'scheduled',
    nextAt: '2026-11-29T17:00:00+00:00',
  });
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  assert.deepEqual(fake.asked, [{ name: 'schedule-regeneration', body: { cron: '0 18 * * SUN', timeZone } }]);
  const own = { cron: '0 6 * * MON', timeZone: 'Asia/Kolkata', enabled: false };
  fake.answer = () => ({ data: { success: true, status: 'off', next_at: null } });
  assert.deepEqual(await client.scheduleRegeneration(own), { success: true, status: 'off', nextAt: null });
  assert.deepEqual(fake.asked.at(-1)?.body, own);
});

test('a refusal is told in the server’s words, and nothing is thrown', async () => {
  const fake = fresh();
  const body = '{"success":false,"error":"There is no profile yet.","code":"NO_PROFILE"}';
  fake.answer = () => ({ error: { message: 'non-2xx', context: new Response(body) } });
  assert.deepEqual(await client.scheduleRegeneration({ cron: '0 18 * * SUN' }), {
    success: false,
    status: 'error',
    error: 'There is no profile yet.',
    code: 'NO_PROFILE',
  });
});

test('the schedule as it stands is a row of the user’s own', async () => {
  const fake = fresh();
  fake.tables.plan_schedules = [];
  assert.equal(await client.getPlanSchedule(), null);
  const row = { user_id: 'user-1', cron: '0 18 * * SUN', enabled: true, created_at: '2026-11-22T10:00:00Z' };
  fake.tables.plan_schedules = [{ ...row, user_id: 'user-2' }, row];
  assert.deepEqual(await client.getPlanSchedule(), row);
  fake.isOffline = true;
  assert.equal(await client.getPlanSchedule(), null);
});
