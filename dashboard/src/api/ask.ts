// One request to the admin API, answered or refused in words.

import { currentToken, refuse } from './access';

/** What the server, or the way to it, said no with. */
export class Refusal extends Error {
  /** The HTTP status; 0: no answer came. */
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, sentence: string) {
    super(sentence);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
  }
}

/** What is put behind `?`; absent and empty ones are left out. */
export type Parameters = Record<string, string | number | undefined | null>;

/** A list of one page. */
export interface List<T> {
  data: T[];
}

/** A page of a longer list; `next` is the `after` of the next one. */
export interface Paged<T> extends List<T> {
  next: string | null;
}

/** Sends a request and hands its answer back, whatever the status. @throws Refusal when no answer came */
export async function send(method: string, path: string, more: { body?: unknown; headers?: HeadersInit; signal?: AbortSignal } = {}) {
  const headers = new Headers(more.headers);
  const token = currentToken();
  if (token) headers.set('Authorization', `Bearer ${token}`);
  const init: RequestInit = { method, headers };
  if (more.signal) init.signal = more.signal;
  if (more.body !== undefined) {
    headers.set('Content-Type', 'application/json');
    init.body = JSON.stringify(more.body);
  }
  try {
    const response = await fetch(`/admin/v1${path}`, init);
    if (response.status === 401 && token) refuse(token, (await refusal(response.clone())).message);
    return response;
  } catch (error) {
    if (more.signal?.aborted) throw error;
    throw new Refusal(0, 'NO_ANSWER', 'Mesocycle does not answer. Is it running?');
  }
}

/** GET. @throws Refusal */
export async function read<T>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<T> {
  return answer<T>(await send('GET', path + query(parameters), signal ? { signal } : {}));
}

/** POST, PUT or DELETE. @throws Refusal */
export async function act<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return answer<T>(await send(method, path, body === undefined ? {} : { body }));
}

/** A list's filter, as an address says it. */
export function query(parameters: Parameters): string {
  const said = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return said.length === 0 ? '' : `?${new URLSearchParams(said.map(([name, value]) => [name, String(value)]))}`;
}

async function answer<T>(response: Response): Promise<T> {
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as T;
}

/** The refusal that a response is, with what a person can do about it. */
export async function refusal(response: Response): Promise<Refusal> {
  const said = (await response.json().catch(() => ({}))) as { error?: string; code?: string };
  const sentence = said.error ?? `The server answered with status ${response.status}.`;
  return new Refusal(response.status, said.code ?? 'UNKNOWN', [sentence, advice(response.status)].filter(Boolean).join(' '));
}

function advice(status: number): string {
  if (status === 403) return 'Use a key that may: mesocycle keys create NAME --may read,act,reveal.';
  if (status === 503) return 'Try again in a moment.';
  return '';
}
