import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { HostInvocation } from '../../src/google/functions-host/messages.ts';
import {
  type FunctionsHost,
  type FunctionsHostOptions,
  startFunctionsHost,
} from '../../src/google/functions-host/start.ts';
import { startPubSub } from '../../src/google/pubsub/start.ts';
import { until } from './poll.ts';

const MEGABYTE = 1_000_000;

// Thirteen functions, as the largest service has.
const entry = `
  import { cloudEvent, http } from '@google-cloud/functions-framework';

  http('get-order', (request, response) => {
    response.json({ path: request.path, query: request.query, stage: process.env.STAGE });
  });
  http('place-order', async (request, response) => {
    response.status(201).set('x-request-id', '1').send(request.rawBody);
  });
  http('slow', async (_, response) => {
    console.log('slow begins');
    await new Promise((done) => setTimeout(done, 500));
    response.send('done');
  });
  http('fails', async () => { throw new Error('out of order'); });
  http('fallback', (request, response) => response.status(404).json({ method: request.method }));
  cloudEvent('consume-events', (event) => {
    console.log(JSON.stringify(event));
    if (event.type === 'bad') throw new Error('bad event');
  });
  for (let i = 1; i <= 7; i++) http('more-' + i, (_, response) => response.send(String(i)));
`;
const more = Array.from({ length: 7 }, (_, i) => `more-${i + 1}`);
const functions = ['get-order', 'place-order', 'slow', 'fails', 'fallback', 'consume-events', ...more];

let outdir: string;
let bundle: string;
const lines: string[] = [];
const reports: HostInvocation[] = [];
let host: FunctionsHost;

const start = (options: Partial<FunctionsHostOptions> = {}) =>
  startFunctionsHost({
    service: 'orders',
    bundle,
    functions,
    routes: [
      { method: 'GET', path: '/orders/{orderId}', functionName: 'get-order' },
      { method: 'POST', path: '/orders', functionName: 'place-order' },
    ],
    fallback: 'fallback',
    port: 0,
    env: { STAGE: 'test' },
    onLine: (line) => lines.push(line),
    onInvocation: (report) => reports.push(report),
    ...options,
  });

beforeAll(async () => {
  outdir = await mkdtemp(join(tmpdir(), 'functions-host-'));
  bundle = join(outdir, 'index.js');
  await build({
    stdin: { contents: entry, loader: 'ts', resolveDir: __dirname },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    external: ['@google-cloud/functions-framework'],
  });
  host = await start();
});

afterAll(async () => {
  await host?.stop();
  await rm(outdir, { recursive: true, force: true });
});

describe('The host of functions', () => {
  it('runs all functions of a service in one process of less than 150 MB', () => {
    expect(host.pid).toBeGreaterThan(0);
    expect(host.memoryBytes).toBeGreaterThan(10 * MEGABYTE);
    expect(host.memoryBytes).toBeLessThan(150 * MEGABYTE);
  });

  it('routes requests by method and path, and anything else to the fallback', async () => {
    const got = await fetch(`${host.url}/orders/1?a=b`);
    expect(await got.json()).toEqual({ path: '/orders/1', query: { a: 'b' }, stage: 'test' });
    const unknown = await fetch(`${host.url}/orders/1`, { method: 'DELETE' });
    expect([unknown.status, await unknown.json()]).toEqual([404, { method: 'DELETE' }]);
  });

  it('gives functions the body as it came', async () => {
    const body = '{ "a":  1 }';
    const headers = { 'content-type': 'application/json' };
    const placed = await fetch(`${host.url}/orders`, { method: 'POST', body, headers });
    expect([placed.status, await placed.text(), placed.headers.get('x-request-id')]).toEqual([
      201,
      body,
      '1',
    ]);
  });

  it('calls each function at a URL of its own', async () => {
    for (const [index, name] of more.entries())
      expect(await (await fetch(host.urlOf(name))).text()).toBe(String(index + 1));
    expect((await fetch(host.urlOf('unknown'))).status).toBe(404);
  });

  it('answers 500 for a function that throws, and goes on', async () => {
    expect((await fetch(host.urlOf('fails'))).status).toBe(500);
    expect((await fetch(host.urlOf('more-1'))).status).toBe(200);
    await until('the error is logged', () => lines.some((line) => line.includes('out of order')));
  });

  it('reports each run, and whether it succeeded', async () => {
    const before = Date.now();
    for (const name of ['slow', 'fails']) await fetch(host.urlOf(name));
    // A call before these may be reported late.
    const ours = () => reports.filter(({ startedAt }) => startedAt >= before);
    await until('both are reported', () => ours().length === 2);

    expect(ours()).toMatchObject([
      { name: 'slow', ok: true },
      { name: 'fails', ok: false },
    ]);
    expect(ours()[0]?.durationMs).toBeGreaterThan(450);
  });

  it('takes unwrapped pushes of Pub/Sub as CloudEvents, and what it throws at comes again', async () => {
    const pubsub = await startPubSub({ port: 0, restPort: 0 });
    try {
      const topic = 'projects/orderly/topics/orders';
      const name = 'projects/orderly/subscriptions/consumer';
      const json = async (method: string, path: string, body: object) => {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`${pubsub.url}/v1/${path}`, {
          method,
          headers,
          body: JSON.stringify(body),
        });
        expect([answer.status, await answer.text()]).toEqual([200, expect.anything()]);
      };
      await json('PUT', topic, {});
      const pushConfig = { pushEndpoint: host.urlOf('consume-events'), noWrapper: { writeMetadata: true } };
      await json('PUT', name, { topic, enableMessageOrdering: true, pushConfig });
      const publish = (type: string) => {
        const event = { specversion: '1.0', id: `id of ${type}`, source: 'orders', type, data: {} };
        const data = Buffer.from(JSON.stringify(event)).toString('base64');
        const attributes = { 'Content-Type': 'application/cloudevents+json', type };
        return json('POST', `${topic}:publish`, { messages: [{ data, attributes, orderingKey: type }] });
      };
      await publish('good');
      await publish('bad');
      const count = (text: string) => lines.filter((line) => line.includes(`"id of ${text}"`)).length;
      await until(
        'the good one is done, the bad one comes again',
        () => count('good') === 1 && count('bad') > 1,
      );
      expect(pubsub.broker.subscription(name).counts.unacknowledged).toBe(1);
    } finally {
      await pubsub.stop();
    }
  });

  it('lets requests end when it is stopped', async () => {
    const other = await start();
    lines.length = 0;
    const answer = fetch(other.urlOf('slow')).then((response) => response.text());
    await until('the request is there', () => lines.includes('slow begins'));
    await other.stop();
    expect(await answer).toBe('done');
    expect(await other.ended).toBe('exit code 0');
  });

  it('names functions that the bundle does not register', async () => {
    await expect(start({ functions: [...functions, 'missing'] })).rejects.toThrow('before it was ready');
    await until('the reason is there', () =>
      lines.some((line) => line.includes('does not register missing')),
    );
  });
});
