// OpenAI's official SDK, unmodified, talks to the emulator as it does to OpenAI: Chat, Responses in the background with a
// resumed stream, DeepSeek's dialect, errors. ./run starts the emulator and sets the addresses.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import OpenAI from 'openai';

const { OPENAI_BASE_URL, DEEPSEEK_BASE_URL, LEDGER_URL } = process.env;
const client = (options) => new OpenAI({ apiKey: 'sk-test', baseURL: OPENAI_BASE_URL, maxRetries: 0, ...options });
const inScenario = (scenario) => ({ headers: { 'x-emulator-scenario': scenario } });
const ledger = async () => (await fetch(LEDGER_URL)).json();
const schema = {
  type: 'object',
  properties: {
    split: { enum: ['full_body', 'upper_lower'] },
    days: { type: 'array', minItems: 3, maxItems: 3, items: { $ref: '#/$defs/day' } },
  },
  required: ['split', 'days'],
  additionalProperties: false,
  $defs: {
    day: {
      type: 'object',
      properties: { name: { type: 'string' }, sets: { type: 'integer', minimum: 2, maximum: 5 } },
      required: ['name', 'sets'],
      additionalProperties: false,
    },
  },
};
const check = (text) => {
  const { split, days } = JSON.parse(text);
  assert.ok(schema.properties.split.enum.includes(split));
  assert.equal(days.length, 3);
  assert.ok(days.every(({ name, sets }) => typeof name === 'string' && sets >= 2 && sets <= 5));
};
const messages = [{ role: 'system', content: 'You plan.' }, { role: 'user', content: 'Three days, please.' }];
const response_format = { type: 'json_schema', json_schema: { name: 'plan', strict: true, schema } };
const background = {
  model: 'gpt-6.1-terra',
  input: 'Three days, please.',
  text: { format: { type: 'json_schema', name: 'plan', strict: true, schema } },
  background: true,
  store: true,
};

beforeEach(() => fetch(LEDGER_URL, { method: 'DELETE' }));

test('a chat completion, whole', async () => {
  const answer = await client().chat.completions.create({ model: 'gpt-6-luna', messages, response_format });
  check(answer.choices[0].message.content);
  assert.equal(answer.choices[0].finish_reason, 'stop');
  const [call] = (await ledger()).calls;
  assert.equal(call.id, answer.id);
  assert.equal(call.output_tokens, answer.usage.completion_tokens);
  assert.match(answer._request_id, /^req_/);
});

test('a chat completion, streamed, through the SDK\'s own assembly', async () => {
  const stream = client().chat.completions.stream({
    model: 'gpt-6-luna', messages, response_format, stream_options: { include_usage: true },
  });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  const whole = await stream.finalChatCompletion();
  check(text);
  assert.equal(whole.choices[0].message.content, text);
  assert.equal(whole.usage.completion_tokens, Math.ceil([...text].length / 4));
});

test('a 429 is tried again by the SDK after the wait that it names', async () => {
  const begun = Date.now();
  const answer = await client({ maxRetries: 2 }).chat.completions.create(
    { model: 'gpt-6-luna', messages }, inScenario('rate-limit-ms@1'),
  );
  assert.ok(answer.choices[0].message.content);
  assert.ok(Date.now() - begun >= 250);
  const { calls, refused_by } = await ledger();
  assert.equal(calls.length, 1);
  assert.deepEqual(refused_by, { 429: 1 });
});

test('a background stream that is left is resumed where it was, and billed once', async () => {
  const openai = client();
  const events = [];
  for await (const event of await openai.responses.create({ ...background, stream: true })) {
    events.push(event);
    if (event.type === 'response.output_text.delta') break;
  }
  const { id } = events[0].response;
  assert.equal(events[0].type, 'response.created');
  const after = events.at(-1).sequence_number;
  for await (const event of await openai.responses.retrieve(id, { stream: true, starting_after: after })) events.push(event);
  assert.deepEqual(events.map(({ sequence_number }) => sequence_number), events.map((_, index) => index));
  const text = events.filter(({ type }) => type === 'response.output_text.delta').map(({ delta }) => delta).join('');
  const { response } = events.at(-1);
  assert.equal(events.at(-1).type, 'response.completed');
  assert.equal(response.output[0].content[0].text, text);
  check(text);
  const { calls } = await ledger();
  assert.equal(calls.length, 1);
  assert.deepEqual([calls[0].status, calls[0].resumed], ['completed', 1]);
  assert.equal((await openai.responses.retrieve(id)).output_text, text);
});

test('a background stream that the server cuts is resumed', async () => {
  const openai = client();
  let last = -1;
  let id;
  const read = async (stream) => {
    for await (const event of stream) {
      id ??= event.response?.id;
      assert.equal(event.sequence_number, ++last);
      if (event.type === 'response.completed') return event.response;
    }
    return undefined;
  };
  await assert.rejects(openai.responses.create({ ...background, stream: true }, inScenario('cut-mid-utf8')).then(read));
  const whole = await read(await openai.responses.retrieve(id, { stream: true, starting_after: last }));
  check(whole.output[0].content[0].text);
});

test('a background response is polled, and another cancelled, twice', async () => {
  const openai = client();
  let response = await openai.responses.create(background);
  assert.equal(response.status, 'queued');
  while (['queued', 'in_progress'].includes(response.status)) response = await openai.responses.retrieve(response.id);
  check(response.output_text);
  const other = await openai.responses.create(background, inScenario('slow-first-token'));
  assert.equal((await openai.responses.cancel(other.id)).status, 'cancelled');
  assert.equal((await openai.responses.cancel(other.id)).status, 'cancelled');
  assert.deepEqual((await ledger()).calls.map(({ status }) => status), ['completed', 'cancelled']);
});

test('a foreground response, streamed and whole, with reasoning before the message', async () => {
  const { background: _, store: __, ...foreground } = background;
  const request = { ...foreground, reasoning: { effort: 'low', summary: 'auto' } };
  const stream = client().responses.stream(request);
  const whole = await stream.finalResponse();
  check(whole.output_text);
  assert.deepEqual(whole.output.map(({ type }) => type), ['reasoning', 'message']);
  check((await client().responses.create(request)).output_text);
});

test('errors are what the SDK knows them to be', async () => {
  const ask = (options, model = 'gpt-6-luna', more = {}) =>
    client(options).chat.completions.create({ model, messages, ...more });
  await assert.rejects(ask({ apiKey: 'sk-invalid' }), OpenAI.AuthenticationError);
  await assert.rejects(ask({ apiKey: 'sk-no-credit' }), (error) => error instanceof OpenAI.RateLimitError && error.code === 'insufficient_quota');
  await assert.rejects(ask({}, 'no-such-model'), (error) => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found');
  await assert.rejects(ask({}, 'gpt-6-luna:scenario=error'), OpenAI.InternalServerError);
  await assert.rejects(ask({}, 'gpt-6-luna:scenario=reset'), OpenAI.APIConnectionError);
  const open = { type: 'json_schema', json_schema: { name: 'open', strict: true, schema: { type: 'object', properties: {} } } };
  await assert.rejects(ask({}, 'gpt-6-luna', { response_format: open }), (error) => error instanceof OpenAI.BadRequestError && error.param === 'response_format');
  const stream = await client().chat.completions.create({ model: 'gpt-6-luna', messages, stream: true }, inScenario('error-nested'));
  await assert.rejects(async () => { for await (const _ of stream); }, OpenAI.APIError);
});

test('DeepSeek\'s dialect: keep-alive lines, JSON mode, its own usage', async () => {
  const deepseek = client({ baseURL: DEEPSEEK_BASE_URL });
  const request = {
    model: 'deepseek-flash',
    messages: [{ role: 'user', content: `Answer in JSON of this schema: ${JSON.stringify(schema)}` }],
    response_format: { type: 'json_object' },
    thinking: { type: 'disabled' },
  };
  check((await deepseek.chat.completions.create(request, inScenario('keep-alive'))).choices[0].message.content);
  const stream = await deepseek.chat.completions.create(
    { ...request, stream: true, stream_options: { include_usage: true } }, inScenario('keep-alive'),
  );
  let text = '';
  let usage;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    usage = chunk.usage ?? usage;
  }
  check(text);
  assert.equal(usage.prompt_cache_hit_tokens + usage.prompt_cache_miss_tokens, usage.prompt_tokens);
  await assert.rejects(deepseek.models.list().then(() => client({ baseURL: DEEPSEEK_BASE_URL, apiKey: 'sk-no-credit' }).chat.completions.create(request)), { status: 402 });
});
