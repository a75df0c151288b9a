// The stream of changes, read by `fetch` since `EventSource` sends no key. It comes again by itself, after the last entry it saw.

import { currentToken } from './access';
import { refusal, send } from './ask';

/** An entry of a task's log. */
export interface Change {
  id: number;
  task: string;
  kind: string;
  queue: string;
  at: string;
  type: string;
  outcome: string | null;
  error_code: string | null;
}

export interface QueueCounts {
  name: string;
  ready: number;
  waiting: number;
  parked: number;
  running: number;
  paused: boolean;
}

export interface Heard {
  change: (change: Change) => void;
  queues: (queues: QueueCounts[]) => void;
  /** Whether the stream stands now. */
  connected: (is: boolean) => void;
}

const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** The entry that was seen last; what follows it is told when the stream is opened again. */
let last: string | null = null;

/** Follows until `signal` says stop, or until there is no token any more. */
export async function follow(heard: Heard, signal: AbortSignal): Promise<void> {
  let wait = SHORTEST_WAIT_MS;
  while (!signal.aborted && currentToken()) {
    try {
      const response = await send('GET', '/changes', { signal, headers: last === null ? {} : { 'Last-Event-ID': last } });
      if (!response.ok || !response.body) throw await refusal(response);
      heard.connected(true);
      wait = SHORTEST_WAIT_MS;
      for await (const event of events(response.body)) {
        last = event.id ?? last;
        tell(event, heard);
      }
    } catch (error) {
      if (!signal.aborted) console.debug('The stream of changes broke off:', error);
    }
    if (signal.aborted) return;
    heard.connected(false);
    await pause(wait * (0.5 + Math.random() / 2), signal);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

function tell(event: ServerEvent, heard: Heard) {
  if (event.name === 'change') heard.change(JSON.parse(event.data) as Change);
  if (event.name === 'queues') heard.queues(JSON.parse(event.data) as QueueCounts[]);
}

interface ServerEvent {
  name: string;
  id: string | null;
  data: string;
}

async function* events(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      const blocks = (rest + chunk.value).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parse(block);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parse(block: string): ServerEvent | null {
  const event: ServerEvent = { name: 'message', id: null, data: '' };
  for (const line of block.split('\n')) {
    const [, field, value] = /^(\w*): ?(.*)$/.exec(line) ?? [];
    if (field === 'event') event.name = value ?? '';
    if (field === 'id') event.id = value ?? null;
    if (field === 'data') event.data += value ?? '';
  }
  return event.data === '' ? null : event;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
