/** A model that is slow, or that never answers: the emulator, and a `mesocycle dev` that asks it. */

import { spawn } from 'node:child_process';
import { after } from 'node:test';
import { createInterface } from 'node:readline';
import { Mesocycle } from '../../../clients/typescript/test/wire/support.ts';

/** A started `mesocycle dev`, whose model and whose push service is the emulator. */
export interface WithModel {
  mesocycle: Mesocycle;
  /** The tokens to which Expo's service would have sent something. */
  pushedTo(): Promise<string[]>;
}

/** Both stopped when the file's tests are over. */
export async function startWithModel(...options: string[]): Promise<WithModel> {
  const emulator = spawn(process.env.EMULATOR ?? 'emulator', ['--port', '0', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  after(() => emulator.kill());
  const said: Record<string, string> = {};
  for await (const line of createInterface(emulator.stdout)) {
    const [, name, value] = line.match(/^(\w+)(?:=|: )(http.*)$/) ?? [];
    if (name && value) {
      said[name] = value;
    }
    if (name === 'ledger') {
      break;
    }
  }
  const { ledger, OPENAI_BASE_URL = '', EXPO_PUSH_URL = '' } = said;
  const mesocycle = await Mesocycle.start({ OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL, EXPO_PUSH_URL });
  return {
    mesocycle,
    pushedTo: async () => {
      const { accepted } = (await (await fetch(String(ledger))).json()) as { accepted: { to: string }[] };
      return accepted.map(({ to }) => to);
    },
  };
}
