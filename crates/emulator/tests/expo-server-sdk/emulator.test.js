// Expo's official SDK sends to the emulator and gets what our own client gets (cases.json is both's table).
// ./run starts the emulator in scenario 429-once, so the first request of all is refused and the SDK tries it again;
// it sets EXPO_BASE_URL and LEDGER_URL.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Expo } from 'expo-server-sdk';

const cases = JSON.parse(readFileSync(new URL('./cases.json', import.meta.url), 'utf8'));
const ledger = async () => (await fetch(process.env.LEDGER_URL)).json();
const message = (to, collapseId) => ({
  to,
  title: 'Your plan is ready',
  body: 'Seven days are waiting.',
  data: { type: 'base_plan_ready', screen: '/plan-preview', planId: '7' },
  sound: 'default',
  priority: 'high',
  collapseId,
  tag: collapseId,
});
const codeOf = ({ status, details }) => (status === 'ok' ? 'ok' : (details?.error ?? ''));

test('every ticket and receipt error of our table, after a 429', async () => {
  const expo = new Expo({ retryMinTimeout: 20 });
  const messages = cases.map(({ token }) => message(token, 'table'));
  assert.ok(cases.every(({ token }) => Expo.isExpoPushToken(token)));
  const [chunk, ...rest] = expo.chunkPushNotifications(messages);
  assert.equal(rest.length, 0);
  const tickets = await expo.sendPushNotificationsAsync(chunk);
  assert.deepEqual(tickets.map(codeOf), cases.map(({ ticket }) => ticket));

  const ids = tickets.filter(({ id }) => id).map(({ id }) => id);
  const receipts = await expo.getPushNotificationReceiptsAsync(ids);
  const accepted = cases.filter(({ ticket }) => ticket === 'ok');
  assert.deepEqual(
    ids.map((id) => (receipts[id] ? codeOf(receipts[id]) : 'missing')),
    accepted.map(({ receipt }) => receipt),
  );
  const { accepted: all, requests } = await ledger();
  assert.deepEqual(requests.map(({ status }) => status), [429, 200]);
  const entries = all.filter(({ collapseId }) => collapseId === 'table');
  assert.deepEqual(entries.map(({ to }) => to), accepted.map(({ token }) => token));
});

test('chunks of 100 recipients, compressed, each accepted once', async () => {
  const expo = new Expo();
  const tokens = Array.from({ length: 250 }, (_, number) => `ExponentPushToken[chunk-${number}]`);
  const before = (await ledger()).requests.length;
  for (const chunk of expo.chunkPushNotifications([message(tokens, 'chunks')])) {
    const tickets = await expo.sendPushNotificationsAsync(chunk);
    assert.ok(tickets.every(({ status }) => status === 'ok'));
  }
  const { accepted, requests } = await ledger();
  assert.deepEqual(
    requests.slice(before).map(({ recipients, gzip, status }) => [recipients, gzip, status]),
    [[100, true, 200], [100, true, 200], [50, true, 200]],
  );
  const entries = accepted.filter(({ collapseId }) => collapseId === 'chunks');
  assert.deepEqual(entries.map(({ to }) => to).sort(), [...tokens].sort());
});

test('tokens of several projects, too many recipients and a bad token fail as a whole', async () => {
  const expo = new Expo();
  const mixed = [message('ExponentPushToken[one/a]', 'x'), message('ExponentPushToken[two/b]', 'x')];
  await assert.rejects(expo.sendPushNotificationsAsync(mixed), (error) => {
    assert.equal(error.code, 'PUSH_TOO_MANY_EXPERIENCE_IDS');
    assert.deepEqual(error.details, {
      '@emulator/one': ['ExponentPushToken[one/a]'],
      '@emulator/two': ['ExponentPushToken[two/b]'],
    });
    return true;
  });
  const many = [message(Array.from({ length: 101 }, (_, n) => `ExponentPushToken[${n}]`), 'x')];
  await assert.rejects(expo.sendPushNotificationsAsync(many), { code: 'PUSH_TOO_MANY_NOTIFICATIONS', statusCode: 400 });
  await assert.rejects(expo.sendPushNotificationsAsync([message('nonsense', 'x')]), { code: 'VALIDATION_ERROR' });
});

test('a payload over 4096 bytes is too big', async () => {
  const big = { ...message('ExponentPushToken[big]', 'big'), body: 'x'.repeat(4096) };
  const [ticket] = await new Expo().sendPushNotificationsAsync([big]);
  assert.equal(codeOf(ticket), 'MessageTooBig');
});
