/** This package in Chromium, on a page of its own, against `mesocycle dev`. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from 'esbuild';
import type { BrowserContext, Page, WebSocketRoute } from 'playwright-core';
import { openChromium, servePages } from './chromium.ts';
import { athlete, eventually, Mesocycle, versions } from './support.ts';

const mesocycle = await Mesocycle.start();
const browser = await openChromium();
const [[, createClient]] = versions as [(typeof versions)[number]];

const bundle = await build({
  stdin: {
    contents: `export * as mesocycle from '../../dist/esm/index.js'; export { createClient } from 'supabase-js-2.119';`,
    resolveDir: import.meta.dirname,
  },
  bundle: true,
  format: 'iife',
  globalName: 'app',
  write: false,
});
const script = `${bundle.outputFiles[0]?.text}
app.supabase = app.createClient('${mesocycle.url}', '${mesocycle.env('SUPABASE_ANON_KEY')}');
app.mesocycle.init(app.supabase);`;
const address = await servePages((path) =>
  path === '/app.js'
    ? { type: 'text/javascript', body: script }
    : { type: 'text/html', body: '<!doctype html><title>An app</title><script src="/app.js"></script>' },
);

/** What the page's script calls its own. */
declare const app: {
  mesocycle: typeof import('../../dist/esm/index.js');
  supabase: import('./support.ts').Supabase;
  ended: Promise<{ success: boolean; status: string | undefined; days: number; error: string | undefined }>;
  seen: string[];
};

/** A page of a new user who has asked for a plan, while nobody works on plans. */
async function open(context: BrowserContext): Promise<{ page: Page; jobId: string }> {
  await mesocycle.operator(`select durable.pause_queue('weekly_plan')`);
  const page = await context.newPage();
  await page.goto(address);
  const jobId = await page.evaluate(async (profile) => {
    const { error } = await app.supabase.auth.signInAnonymously();
    if (error) {
      throw error;
    }
    const { status, jobId, error: refusal } = await app.mesocycle.createServerPlanJob(profile);
    return status === 'created' ? jobId : Promise.reject(new Error(refusal));
  }, athlete);
  return { page, jobId: jobId as string };
}

/** Lets the page wait for the job, and comes back once it has read it for the first time. */
async function wait(page: Page, jobId: string): Promise<void> {
  await page.evaluate((id) => {
    app.seen = [];
    app.ended = app.mesocycle
      .waitForJobCompletion(id, (job) => app.seen.push(job.status))
      .then(({ success, job, plan, error }) => ({
        success,
        status: job?.status,
        days: Object.keys(plan?.days ?? {}).length,
        error,
      }));
  }, jobId);
  await eventually('the first read', () => page.evaluate(() => app.seen.length > 0));
}

const resume = () => mesocycle.operator(`select durable.resume_queue('weekly_plan')`);
const ended = (page: Page) => page.evaluate(() => app.ended);
const whole = { success: true, status: 'completed', days: 7, error: undefined };

test('a page that was loaded anew finds the job and waits for it by Realtime alone, its own clock standing still', async () => {
  const context = await browser.newContext();
  const { page, jobId } = await open(context);
  await page.clock.install();
  const frames: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
  await page.reload();
  await page.clock.pauseAt(Date.now() + 60_000);
  assert.equal(await page.evaluate(async () => (await app.mesocycle.getActiveJob())?.id), jobId);
  await wait(page, jobId);
  await eventually('SUBSCRIBED', () => frames.some((frame) => frame.includes('Subscribed to PostgreSQL')));
  await resume();
  assert.deepEqual(await ended(page), whole);
  assert.ok(frames.some((frame) => frame.includes('"type":"UPDATE"')));
  await context.close();
});

test('a page whose WebSockets are blocked waits by asking again', async () => {
  const context = await browser.newContext();
  let refused = 0;
  await context.routeWebSocket(/realtime/, (socket) => {
    refused++;
    void socket.close();
  });
  const { page, jobId } = await open(context);
  await wait(page, jobId);
  await eventually('a WebSocket was tried', () => refused > 0);
  await resume();
  assert.deepEqual(await ended(page), whole);
  await context.close();
});

test('a page that was offline while the plan was finished has it when the network is back', async () => {
  const context = await browser.newContext();
  const sockets: WebSocketRoute[] = [];
  let isOffline = false;
  await context.routeWebSocket(/realtime/, (socket) => {
    if (isOffline) {
      void socket.close();
    } else {
      sockets.push(socket);
      socket.connectToServer();
    }
  });
  const { page, jobId } = await open(context);
  await wait(page, jobId);
  isOffline = true;
  await context.setOffline(true);
  await Promise.all(sockets.map((socket) => socket.close()));
  await resume();
  const service = mesocycle.service(createClient);
  await eventually('the plan is finished', async () => {
    const { data } = await service.from('plan_generation_jobs').select('status').eq('id', jobId).single();
    return data?.status === 'completed';
  });
  assert.deepEqual(new Set(await page.evaluate(() => app.seen)), new Set(['pending']));
  isOffline = false;
  await context.setOffline(false);
  assert.deepEqual(await ended(page), whole);
  await context.close();
});
