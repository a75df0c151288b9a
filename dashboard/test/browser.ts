// A Chromium whose pages may complain of nothing: what the console says of errors fails the test that saw it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach } from 'node:test';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { PATIENCE } from './mesocycle.ts';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Seen {
  page: Page;
  /** What went wrong in the page. */
  complaints: string[];
}

export interface Looking {
  width?: number;
  theme?: 'light' | 'dark';
}

/** Opens the browser; closed when the file's tests are over. */
export async function openBrowser() {
  const folder = mkdtempSync(join(tmpdir(), 'mesocycle-chromium-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ARGUMENTS,
    viewport: { width: 1280, height: 900 },
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
  });
  context.setDefaultTimeout(PATIENCE);
  // One that a failed test left open would hold a connection, of which a browser has six.
  afterEach(() => Promise.all(context.pages().map((page) => page.close())));
  after(async () => {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return (looking: Looking = {}) => open(context, looking);
}

async function open(context: BrowserContext, { width = 1280, theme = 'light' }: Looking): Promise<Seen> {
  const page = await context.newPage();
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  return { page, complaints };
}

/** Waits until the page's heading is there, nothing is being read any more, and the charts are drawn. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.waitForFunction(() => !document.querySelector('.loading, .chart-room:not(:has(canvas))'));
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** Ends a test: nothing was complained of, but for what is expected. */
export async function close({ page, complaints }: Seen, expected = /^$/): Promise<void> {
  await page.close();
  assert.deepEqual(
    complaints.filter((each) => !expected.test(each)),
    [],
  );
}
