import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@orderly/aws/clock';
import { ProductUpserted } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import type { Trigger } from '@orderly/functions/trigger';
import { freePort } from '@orderly/local/ports';
import { bundleService } from '../../src/bundle.ts';
import { type CloudTasks, startCloudTasks } from '../../src/google/cloud-tasks.ts';
import { routingOf } from '../../src/google/functions-host/router.ts';
import { type FunctionsHost, startFunctionsHost } from '../../src/google/functions-host/start.ts';
import { type PubSubStandIn, startPubSub } from '../../src/google/pubsub/start.ts';
import { readSubscription } from '../../src/google/pubsub/subscription-settings.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { type PostgresServer, startPostgres } from '../../src/postgres/server.ts';
import type { ServicePlan } from '../../src/service-plan.ts';
import { until } from './poll.ts';

// The toolkit's edges for Google, in Google's functions framework, with all that calls functions.

const stage = 'test';
const project = 'orderly';
const account = `caller@${project}.iam.gserviceaccount.com`;
const audience = 'functions';
const topic = `projects/${project}/topics/${stage}-inventory-events`;
const published = `projects/${project}/topics/${stage}-test-events`;
const parent = `projects/${project}/locations/local`;

const route = (method: string, path: string): Trigger => ({ kind: 'route', method, path, scopes: [] });

const triggers: Readonly<Record<string, Trigger>> = {
  echo: route('POST', '/items/{id}'),
  write: route('POST', '/items'),
  send: route('POST', '/tasks'),
  consume: { kind: 'subscription', topic: 'inventory-events', eventTypes: [ProductUpserted.type] },
  'publish-events': { kind: 'publisher' },
  tick: { kind: 'schedule', everySeconds: 60, enabled: true },
  task: { kind: 'tasks', queue: 'work' },
};

const plan: ServicePlan = {
  name: 'fixture',
  folder: join(__dirname, 'fixture'),
  stage,
  topic: 'test-events',
  table: { name: 'items', indexes: [] },
  maxReceiveCount: 5,
  environment: {},
  functions: Object.entries(triggers).map(([name, trigger]) => ({
    name,
    file: name,
    trigger,
    timeoutSeconds: 10,
  })),
};

let postgres: PostgresServer;
let pubsub: PubSubStandIn;
let tasks: CloudTasks;
let host: FunctionsHost;
let outdir: string;
const lines: string[] = [];
const dropped: string[] = [];

const start = async (): Promise<void> => {
  outdir = await mkdtemp(join(tmpdir(), 'google-edges-'));
  const bundle = join(outdir, 'index.js');
  postgres = await startPostgres();
  const database = await postgres.createDatabase('google-edges');
  await migrate(database, [{ name: 'items', indexes: [] }]);
  await bundleService(plan, 'google', { outfile: bundle });
  pubsub = await startPubSub({ port: 0, restPort: 0 });
  tasks = await startCloudTasks({
    port: 0,
    clock: systemClock,
    issuer: pubsub.issuer,
    queues: [{ name: `${parent}/queues/work`, maxAttempts: 3 }],
    onDropped: (task) => dropped.push(task),
  });
  const port = await freePort();
  host = await startFunctionsHost({
    service: plan.name,
    bundle,
    port,
    functions: plan.functions.map(({ name }) => name),
    ...routingOf(plan.functions),
    env: {
      STAGE: stage,
      TABLE_NAME: 'items',
      POWERTOOLS_SERVICE_NAME: plan.name,
      POWERTOOLS_LOG_LEVEL: 'INFO',
      DATABASE_URL: database,
      DATABASE_TIMEOUT_MS: '60000',
      GOOGLE_CLOUD_PROJECT: project,
      PUBSUB_ENDPOINT: pubsub.url,
      GOOGLE_TOKEN_ISSUER: pubsub.url,
      SERVICE_ACCOUNT: account,
      TOKEN_AUDIENCE: audience,
      CLOUD_TASKS_ENDPOINT: tasks.url,
      TASKS_PARENT: parent,
      TASKS_TARGET_URL: `http://127.0.0.1:${port}/.functions/task`,
      TASKS_SERVICE_ACCOUNT: account,
    },
    onLine: (line) => lines.push(line),
  });
  for (const name of [topic, published]) pubsub.broker.createTopic({ name, labels: {} });
};

beforeAll(start);

afterAll(async () => {
  await host?.stop();
  await tasks?.stop();
  await pubsub?.stop();
  await postgres?.stop();
  await rm(outdir, { recursive: true, force: true });
});

const post = (path: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${host.url}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

const logged = (text: string) =>
  lines.filter((line) => line.includes(text)).map((line) => JSON.parse(line) as Record<string, unknown>);

describe('A route', () => {
  it('gets parameters decoded, and repeated ones joined, as from API Gateway', async () => {
    const answer = await post('/items/a%2Fb%20c?word=one&word=two', '{"x":1}');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual({
      path: { id: 'a/b c' },
      query: { word: 'one,two' },
      body: { x: 1 },
    });
    expect(await (await post('/items/50%', '1')).json()).toEqual({ path: { id: '50%' }, query: {}, body: 1 });
  });

  it.each([
    ['{"a":', 'application/json', 400, 'malformed-json'],
    ['', 'application/json', 400, 'malformed-json'],
    ['{}', 'text/plain', 415, 'unsupported-media-type'],
  ])(
    'answers a body of %j as %s with problem details, which the framework would not',
    async (body, type, status, code) => {
      const answer = await post('/items/1', body, { 'content-type': type });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        status,
        'application/problem+json',
      ]);
      expect(await answer.json()).toMatchObject({ type: `urn:orderly:problem:${code}` });
    },
  );

  it('publishes what it writes before it answers, in order, in requests that Pub/Sub takes', async () => {
    const name = `projects/${project}/subscriptions/reader`;
    const reader = pubsub.broker.createSubscription(
      readSubscription({ name, topic: published, enableMessageOrdering: true }),
    );
    const answer = await post('/items', JSON.stringify({ id: 'small', events: 3, bytes: 10 }));
    expect(answer.status).toBe(201);
    const idsOf = (subject: string) =>
      reader
        .messages()
        .filter(({ orderingKey }) => orderingKey === subject)
        .map(({ attributes }) => attributes.id);
    expect(idsOf('small')).toEqual(['small-0', 'small-1', 'small-2']);
    expect(reader.messages()[0]?.attributes).toEqual({ id: 'small-0', type: 'test' });

    // Together 12 MB, and Pub/Sub takes 10.
    expect((await post('/items', JSON.stringify({ id: 'large', events: 12, bytes: 1_000_000 }))).status).toBe(
      201,
    );
    const authorization = `Bearer ${pubsub.issuer.token({ serviceAccountEmail: account, audience })}`;
    // On a busy machine a batch may take longer than its second, and comes again.
    await until('all are published', async () => {
      if (new Set(idsOf('large')).size === 12) return true;
      await fetch(host.urlOf('publish-events'), { method: 'POST', headers: { authorization } });
      return false;
    });
    const inOrder = Array.from({ length: 12 }, (_, at) => `large-${at}`);
    expect([...new Set(idsOf('large'))]).toEqual(inOrder);
    pubsub.broker.deleteSubscription(name);
  });
});

describe('A consumer', () => {
  const subscribe = (id: string, oidcToken: object | undefined) =>
    pubsub.broker.createSubscription(
      readSubscription({
        name: `projects/${project}/subscriptions/${id}`,
        topic,
        enableMessageOrdering: true,
        pushConfig: { pushEndpoint: host.urlOf('consume'), ...(oidcToken && { oidcToken }) },
        retryPolicy: { minimumBackoff: '0.1s', maximumBackoff: '0.1s' },
        deadLetterPolicy: { deadLetterTopic: published },
      }),
    );
  const publish = (name: string) => {
    const event = sampleEvent(ProductUpserted, { data: { name } });
    const data = Buffer.from(JSON.stringify(event));
    pubsub.broker.publish(topic, [{ data, orderingKey: event.subject, attributes: { type: event.type } }]);
  };

  it('handles what is pushed in the name of the service account, and nothing else', async () => {
    const wrong = [
      undefined,
      { serviceAccountEmail: 'other@example.com', audience },
      { serviceAccountEmail: account, audience: 'other' },
    ].map((token, at) => subscribe(`wrong-${at}`, token));
    const right = subscribe('right', { serviceAccountEmail: account, audience });
    publish('good one');
    await until('it is acknowledged', () => right.counts.unacknowledged === 0);
    await until('the others are dead-lettered', () =>
      wrong.every(({ counts }) => counts.unacknowledged === 0),
    );
    expect(logged('"product":"good one"')).toHaveLength(1);
    expect(logged('was refused').length).toBeGreaterThanOrEqual(3 * 5);
    for (const { settings } of [...wrong, right]) pubsub.broker.deleteSubscription(settings.name);
  });

  it('has a message that fails pushed again, and in the end dead-lettered', async () => {
    const subscription = subscribe('failing', { serviceAccountEmail: account, audience });
    publish('bad one');
    await until('it is dead-lettered', () => subscription.counts.unacknowledged === 0);
    const failures = logged('Message failed');
    expect(failures.map(({ receive_count }) => receive_count)).toEqual([1, 2, 3, 4, 5]);
    expect(failures[0]).toMatchObject({ severity: 'ERROR', queue: 'failing', function_name: 'consume' });
    pubsub.broker.deleteSubscription(subscription.settings.name);
  });
});

describe('A queue of tasks', () => {
  const send = async (text: string, delaySeconds = 0) => {
    const answer = await post('/tasks', JSON.stringify({ text, delaySeconds }));
    expect(answer.status).toBe(202);
  };

  it('has each task handled, at its time', async () => {
    const before = Date.now();
    await send('later', 1);
    await send('now');
    await until('both are handled', () => logged('"body":"later"').length === 1);
    expect(logged('"body":"now"')).toHaveLength(1);
    expect(Date.now() - before).toBeGreaterThanOrEqual(1_000);
  });

  it('repeats a task that fails, and drops it after its last attempt', async () => {
    await send('bad task');
    await until('it is dropped', () => dropped.length === 1);
    expect(logged('"body":"bad task"')).toHaveLength(3);
  });

  it('refuses what it does not implement by name', async () => {
    const create = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${tasks.url}/v2/${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return `${answer.status}: ${((await answer.json()) as { error: { message: string } }).error.message}`;
    };
    const httpRequest = { url: host.urlOf('task') };
    const queue = `${parent}/queues/work`;
    expect(await create(`${parent}/queues/none/tasks`, { task: { httpRequest } })).toMatch(/^404/);
    expect(await create(`${queue}/tasks`, { task: { appEngineHttpRequest: {} } })).toMatch(
      /^501.*appEngineHttpRequest/,
    );
    expect(await create(`${queue}/tasks`, { task: { httpRequest: {} } })).toMatch(/^400.*url/);
    expect(await create(`${queue}:pause`, {})).toMatch(/^501.*:pause/);
  });
});

describe('A schedule', () => {
  it('is called in the name of the service account only', async () => {
    const call = (token: string) =>
      fetch(host.urlOf('tick'), { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    const mine = await call(pubsub.issuer.token({ serviceAccountEmail: account, audience }));
    const other = await call(pubsub.issuer.token({ serviceAccountEmail: 'other@example.com', audience }));
    expect([mine.status, other.status]).toEqual([204, 401]);
    const ticks = logged('"message":"Tick"');
    expect(ticks).toEqual([expect.objectContaining({ severity: 'WARNING', function_name: 'tick' })]);
  });
});
