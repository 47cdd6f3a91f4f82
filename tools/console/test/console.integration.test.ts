import { request } from 'node:http';
import { systemChance } from '@orderly/aws/chance';
import { systemClock } from '@orderly/aws/clock';
import { createDynamoDb } from '@orderly/aws/dynamodb/service';
import { startServer } from '@orderly/aws/protocol/server';
import { createSqs } from '@orderly/aws/sqs/service';
import { topics } from '@orderly/cli/replay/topic-source';
import { ProblemError } from '@orderly/client';
import { freePort } from '@orderly/local/ports';
import type { ActiveFault, DeadLetter, EventEntry, Pulse, QueueDetail } from '../src/api.ts';
import { FaultSwitch } from '../src/faults.ts';
import { Recorder } from '../src/history/recorder.ts';
import { toRefusal } from '../src/http/problem.ts';
import type { Platform } from '../src/platform.ts';
import { type Console, startConsole } from '../src/server.ts';

const stage = 'c';
const queue = `${stage}-order-events--audit`;
const dead = `${stage}-dlq--order-events--audit`;
const event = {
  id: '01890000-0000-7000-8000-000000000001',
  type: 'orderly.order.placed.v1',
  source: 'orderly/orders',
  subject: '3f0c1b9e-0000-4000-8000-000000000001',
  sequence: 1,
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
};

const common = { clock: systemClock, chance: systemChance, region: 'eu-central-1' };
const sqs = createSqs({ ...common, deletedNamesPause: false });
const dynamodb = createDynamoDb(common);
const recorder = new Recorder(stage, topics);
const stopped: string[] = [];
const faulty: unknown[] = [];
const stops: (() => Promise<void>)[] = [];
let platform: Platform;
let page: Console;
let token: string;
let port: number;

const callSqs = (operation: string, input: object) =>
  sqs.call(
    'AmazonSQS',
    operation,
    { ...input },
    { signal: new AbortController().signal, origin: 'http://x' },
  );
const urlOf = (name: string) => `http://x/000000000000/${name}`;

beforeAll(async () => {
  const aws = await startServer([sqs, dynamodb], { port: 0, chance: systemChance });
  sqs.onMessage((change) => recorder.message(change));
  await callSqs('CreateQueue', { QueueName: dead });
  const deadLetterTargetArn = `arn:aws:sqs:eu-central-1:000000000000:${dead}`;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
  await callSqs('CreateQueue', { QueueName: queue, Attributes: { RedrivePolicy } });
  const faults = new FaultSwitch({
    sqs: () => sqs,
    functions: () => ['orders-c-place-order'],
    setFunctionFaults: (list) => faulty.push(list),
  });
  platform = {
    stage,
    canChange: true,
    target: {
      region: 'eu-central-1',
      endpoints: { dynamodb: aws.endpoint, sqs: aws.endpoint },
      description: 'a test',
    },
    local: {
      ...{ recorder, faults, aws: { sqs, dynamodb } },
      services: () =>
        ['orders', 'webhooks'].map((name) => ({ name, url: undefined, state: 'stopped', functions: [] })),
      stopService: async (name) => void stopped.push(name),
      startService: async () => undefined,
    },
  };
  port = await freePort();
  page = await startConsole(platform, port);
  stops.push(page.stop, aws.stop);
  const html = await (await fetch(page.url)).text();
  token = /name="orderly-token" content="([^"]+)"/.exec(html)?.[1] ?? '';
});

afterAll(async () => {
  for (const stop of stops) await stop();
  sqs.close();
  dynamodb.close();
});

const get = async <T>(path: string): Promise<T> => (await (await fetch(`${page.url}${path}`)).json()) as T;
const post = (path: string, body: object, headers: Record<string, string> = { 'x-orderly-token': token }) =>
  fetch(`${page.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });

/** With headers that `fetch` sets itself. */
const ask = (headers: Record<string, string>, path = '/api/pulse'): Promise<number> =>
  new Promise((done, fail) => {
    const call = request({ host: '127.0.0.1', port, path, headers }, (answer) => {
      answer.resume();
      done(answer.statusCode ?? 0);
    });
    call.once('error', fail);
    call.end();
  });

describe('The console, against other web pages,', () => {
  it.each([
    ['its own page', { host: '127.0.0.1:PORT', 'sec-fetch-site': 'same-origin' }, 200],
    ['a program', { host: '127.0.0.1:PORT' }, 200],
    ['another name that leads to this machine', { host: 'evil.example:PORT' }, 403],
    ['a page of another origin', { host: '127.0.0.1:PORT', origin: 'https://evil.example' }, 403],
    ['a page of another port', { host: '127.0.0.1:PORT', origin: 'http://127.0.0.1:1' }, 403],
    ['a script that another page embeds', { host: '127.0.0.1:PORT', 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of a sandbox', { host: '127.0.0.1:PORT', origin: 'null' }, 403],
  ])('answers %s as it should', async (_who, headers, status) => {
    const given = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(port))]),
    );

    expect(await ask(given)).toBe(status);
  });

  it('acts only with its token', async () => {
    const path = '/api/services/orders/stop';
    const refused = [await post(path, {}, {}), await post(path, {}, { 'x-orderly-token': 'x'.repeat(43) })];

    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
    expect(stopped).toEqual([]);
    expect((await post(path, {})).status).toBe(200);
    expect(stopped).toEqual(['orders']);
  });

  it('gives its page a strict policy and no way into a frame', async () => {
    const { headers } = await fetch(page.url);

    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

it('The console shows a message that becomes a dead letter, and puts it back', async () => {
  await callSqs('SendMessage', { QueueUrl: urlOf(queue), MessageBody: JSON.stringify(event) });
  const deliveries = async () => {
    const [entry] = await get<readonly EventEntry[]>(`/api/events?subject=${event.subject}`);
    return entry?.deliveries.map(({ consumer, state, receives }) => ({ consumer, state, receives }));
  };
  expect(await deliveries()).toEqual([{ consumer: 'audit', state: 'waiting', receives: 0 }]);
  await callSqs('ReceiveMessage', { QueueUrl: urlOf(queue), VisibilityTimeout: 0 });
  await callSqs('ReceiveMessage', { QueueUrl: urlOf(queue) });

  expect(await deliveries()).toEqual([{ consumer: 'audit', state: 'dead', receives: 1 }]);
  const { deadLetters = [], messages } = await get<QueueDetail>(`/api/queues/${dead}`);
  expect(deadLetters).toMatchObject([{ type: 'OrderPlaced', subject: event.subject, receives: 1 }]);
  expect(messages).toMatchObject([{ state: 'waiting', receives: 1 }]);
  const answer = await post('/api/dead-letters/redrive', { queue: dead });

  expect(await answer.json()).toMatchObject({ moved: 1, unsent: [] });
  expect(await deliveries()).toMatchObject([{ consumer: 'audit', state: 'waiting' }]);
  expect(await get<readonly DeadLetter[]>('/api/dead-letters')).toEqual([]);
});

it('The console shows the error that a consumer has logged about a dead letter', async () => {
  const { MessageId } = await callSqs('SendMessage', { QueueUrl: urlOf(dead), MessageBody: 'x' });
  const error = { name: 'TypeError', message: 'no points', stack: 'TypeError: no points\n    at earn' };
  recorder.line('audit', JSON.stringify({ level: 'ERROR', message: 'Failed', message_id: MessageId, error }));

  const letters = await get<readonly DeadLetter[]>('/api/dead-letters');

  expect(letters).toMatchObject([{ reason: 'TypeError: no points', stack: error.stack }]);
  const { dropped } = (await (await post('/api/dead-letters/drop', { queue: dead })).json()) as {
    dropped: number;
  };
  expect(dropped).toBe(1);
});

it('The console shows a failed wake-up with the error that its service has logged, and as no event', async () => {
  const failed = `${stage}-dlq--webhooks--deliveries`;
  const endpointId = '0f3c1c8e-5a0b-4a57-9d1e-6f1d2b3c4d5e';
  await callSqs('CreateQueue', { QueueName: failed });
  await callSqs('SendMessage', { QueueUrl: urlOf(failed), MessageBody: JSON.stringify({ endpointId }) });
  const error = { name: 'Error', message: 'no key' };
  recorder.line('webhooks', JSON.stringify({ level: 'ERROR', message: 'x', endpoint_id: endpointId, error }));

  const { queue: state, deadLetters } = await get<QueueDetail>(`/api/queues/${failed}`);

  expect(state).toMatchObject({ kind: 'dead-letters', consumer: 'webhooks', ours: true });
  expect(deadLetters).toMatchObject([{ kind: 'wake-ups', reason: 'Error: no key' }]);
  expect(deadLetters?.[0]).not.toHaveProperty('type');
  await callSqs('DeleteQueue', { QueueUrl: urlOf(failed) });
});

it('The console shows wake-ups as messages, and not as dead letters', async () => {
  const wakeUps = `${stage}-webhooks--deliveries`;
  await callSqs('CreateQueue', { QueueName: wakeUps });
  await callSqs('SendMessage', { QueueUrl: urlOf(wakeUps), MessageBody: '{"endpointId":"e"}' });

  const { queue: state, messages, deadLetters } = await get<QueueDetail>(`/api/queues/${wakeUps}`);

  expect(state).toMatchObject({ kind: 'wake-ups', consumer: 'webhooks', ours: true });
  expect(messages).toMatchObject([{ body: '{"endpointId":"e"}' }]);
  expect(deadLetters).toBeUndefined();
  await callSqs('DeleteQueue', { QueueUrl: urlOf(wakeUps) });
});

it('The console counts queues and faults each second', async () => {
  const fault = { kind: 'fail-queue', name: queue } as const;
  const started = (await (await post('/api/faults', { fault, seconds: 60 })).json()) as ActiveFault;
  await expect(callSqs('ReceiveMessage', { QueueUrl: urlOf(queue) })).rejects.toThrow('a fault was set');
  const { queues, faults, rates } = await get<Pulse>('/api/pulse');

  expect(faults).toEqual([{ ...started, struck: 1 }]);
  expect(queues.map(({ name, kind, consumer }) => [name, kind, consumer])).toEqual([
    [dead, 'dead-letters', 'audit'],
    [queue, 'subscription', 'audit'],
  ]);
  expect(rates.placedPerSecond).toHaveLength(60);
  await post('/api/faults/clear', {});
  await callSqs('ReceiveMessage', { QueueUrl: urlOf(queue), VisibilityTimeout: 0 });
});

it('A fault of a function reaches those who run it, and ends', async () => {
  const fault = { kind: 'delay-function', name: 'orders-c-place-order', delayMs: 500 } as const;
  await post('/api/faults', { fault, seconds: 60 });
  await post('/api/faults/clear', {});

  expect(faulty.slice(-2)).toEqual([[{ functionName: 'orders-c-place-order', delayMs: 500 }], []]);
});

it.each([
  [
    '/api/faults',
    { fault: { kind: 'fail-queue', name: 'nowhere' }, seconds: 5 },
    'There is no queue nowhere here.',
  ],
  [
    '/api/faults',
    { fault: { kind: 'fail-queue', name: queue }, seconds: 6_000 },
    '/seconds: Invalid value: Expected <=600 but received 6000',
  ],
  ['/api/dead-letters/redrive', {}, '/queue: Invalid key: Expected "queue" but received undefined'],
  [
    '/api/orders',
    { customerId: 'a' },
    '/email: Invalid key: Expected "email" but received undefined; /lines: Invalid key: Expected "lines" but received undefined',
  ],
])('Bad input to %s is refused by name', async (path, body, detail) => {
  const answer = await post(path, body);

  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await answer.json()).toEqual({ status: 400, title: 'Bad request', detail });
});

it('A problem of a service names what is wrong in the request', () => {
  const problem = { title: 'Unprocessable', detail: '"errors" says why' };
  const errors = [{ path: '/body/url', message: 'it is private' }];

  expect(toRefusal(new ProblemError('POST x', 422, { ...problem, errors })).message).toBe(
    '/body/url: it is private',
  );
  expect(toRefusal(new ProblemError('POST x', 422, problem)).message).toBe('"errors" says why');
});

it('A path that is not there is answered with the page, and one of the API with 404', async () => {
  expect((await fetch(`${page.url}/orders/x`)).headers.get('content-type')).toContain('text/html');
  expect((await fetch(`${page.url}/api/nothing`)).status).toBe(404);
  expect((await fetch(`${page.url}/assets/nothing.js`)).status).toBe(404);
});

it('A console that may not change anything refuses every action', async () => {
  const readOnly = await startConsole({ ...platform, canChange: false }, await freePort());
  const html = await (await fetch(readOnly.url)).text();
  const own = /content="([\w-]{43})"/.exec(html)?.[1] ?? '';
  const answer = await fetch(`${readOnly.url}/api/services/orders/stop`, {
    method: 'POST',
    headers: { 'x-orderly-token': own },
  });
  await readOnly.stop();

  expect([answer.status, await answer.json()]).toMatchObject([403, { title: 'Read only' }]);
});

it('A page gets what is new as server-sent events', async () => {
  const ended = new AbortController();
  const { body } = await fetch(`${page.url}/api/live?pulse&events`, { signal: ended.signal });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  const next = { ...event, id: '01890000-0000-7000-8000-000000000002' };
  let text = (await reader?.read())?.value ?? '';
  await callSqs('SendMessage', { QueueUrl: urlOf(queue), MessageBody: JSON.stringify(next) });
  while (!text.includes('event: events')) text += (await reader?.read())?.value ?? '';
  ended.abort();

  expect(text).toMatch(/^event: pulse\ndata: \{"at":/);
  expect(text).toContain(next.id);
});
