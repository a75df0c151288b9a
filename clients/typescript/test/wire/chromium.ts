/** Chromium, and a server for the pages that are tried in it. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';

export type { Browser, Page };

/** Closed when the file's tests are over. `CHROMIUM` names the program. */
export async function openChromium(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  after(() => browser.close());
  return browser;
}

/** What a path is answered with. */
export interface Answer {
  type: string;
  body: string | Buffer;
}

/** Serves pages on a free port until the file's tests are over; its address. */
export async function servePages(answer: (path: string) => Answer): Promise<string> {
  const server = createServer((request, response) => {
    const { type, body } = answer(new URL(request.url ?? '/', 'http://pages').pathname);
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
