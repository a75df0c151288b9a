/** The web export on a screen of a phone's width: served, signed in, photographed and held against axe. */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { type Answer, type Browser, type Page, servePages } from '../../../clients/typescript/test/wire/chromium.ts';
import type { Mesocycle } from '../../../clients/typescript/test/wire/support.ts';

const PHONE = { width: 390, height: 844 };
const DIST = join(import.meta.dirname, '../dist');
const SCREENSHOTS = join(import.meta.dirname, 'screenshots');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.png': 'image/png', '.ico': 'image/x-icon' };

/** The colour of text in `theme.tsx`. */
const TEXT = { light: 'rgb(23, 27, 24)', dark: 'rgb(236, 238, 236)' };

/** Longer than a plan takes here on a busy machine. */
export const PATIENCE = 90_000;

/** Serves the app for one Mesocycle: as any host of an app with one page, every unknown path is that page. */
export function serveApp(mesocycle: Mesocycle): Promise<string> {
  return servePages((path): Answer => {
    const type = TYPES[extname(path)];
    if (!type) {
      return { type: 'text/html', body: readFileSync(join(DIST, 'index.html')) };
    }
    if (type !== 'text/javascript') {
      return { type, body: readFileSync(join(DIST, path)) };
    }
    const script = readFileSync(join(DIST, path), 'utf8')
      .replaceAll('http://mesocycle.invalid', mesocycle.url)
      .replaceAll('key-of-the-mesocycle', mesocycle.env('SUPABASE_ANON_KEY'));
    return { type, body: script };
  });
}

/** A phone that was never used before. Whatever its page throws or warns of fails the test that closes it. */
export async function newPhone(browser: Browser, address: string): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: PHONE, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(address);
  return { page, complaints };
}

/** A press on a button by its name. */
export async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).click();
}

/** Resolves when a screen with this first heading is in front. */
export async function screen(page: Page, title: string | RegExp, timeout = 30_000): Promise<void> {
  const main = page.getByRole('main');
  await main.getByRole('heading', { level: 1, name: title, exact: true }).waitFor({ timeout });
}

/** What the screen in front would need to be seen whole; the navigation's bar is 64 high. */
async function heightOf(page: Page): Promise<number> {
  const box = await page.getByRole('main').boundingBox();
  return Math.max(PHONE.height, 64 + 60 + Math.ceil(box?.height ?? 0));
}

/** Takes the screen in light and in dark, and lets axe judge both. */
export async function judge(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.addScriptTag({ path: AXE });
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForFunction(
      (color) =>
        Array.from(document.querySelectorAll('h1')).every((heading) => getComputedStyle(heading).color === color),
      TEXT[colorScheme],
    );
    const findings = await page.evaluate(async () => {
      const axe = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
      const { violations } = await axe.run({ resultTypes: ['violations'] });
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join('\n')}`);
    });
    await page.setViewportSize({ ...PHONE, height: await heightOf(page) });
    await page.screenshot({ path: join(SCREENSHOTS, `${name}-${colorScheme}.png`) });
    await page.setViewportSize(PHONE);
    assert.deepEqual(findings, [], `${name}, ${colorScheme}`);
  }
}
