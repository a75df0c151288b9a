/** What an app pays in bytes: under 6 KB gzipped for everything, and only for what it uses. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Gzipped bytes, minified, of an app that is only this line; peers are the app's own already. */
async function sizeOf(line: string): Promise<{ bytes: number; text: string }> {
  const { outputFiles } = await build({
    stdin: { contents: line, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    external: ['react', '@supabase/supabase-js'],
  });
  const text = outputFiles[0]?.text ?? '';
  return { bytes: gzipSync(text).length, text };
}

test('everything is less than 6 KB, the hooks too', async (context) => {
  const all = await sizeOf(`export * from '@mesocycle/client'; export * from '@mesocycle/client/react';`);
  const main = await sizeOf(`export * from '@mesocycle/client';`);
  context.diagnostic(`${all.bytes} bytes gzipped, ${main.bytes} without the hooks`);
  assert.ok(all.bytes < 6_000, `${all.bytes} bytes`);
  assert.ok(main.bytes > 1_000, 'nothing was measured');
});

test('an app without React has nothing of it, and one function brings no other', async () => {
  const { text } = await sizeOf(`export * from '@mesocycle/client';`);
  assert.doesNotMatch(text, /react/i);
  const one = await sizeOf(`import { isJobStuck } from '@mesocycle/client'; console.log(isJobStuck);`);
  assert.ok(one.bytes < 300, `${one.bytes} bytes: ${one.text}`);
});
