import { ProductUpserted } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { readSubscription } from '../../src/google/pubsub/subscription-settings.ts';
import {
  account,
  audience,
  type Edges,
  parent,
  project,
  published,
  startEdges,
  topic,
} from './edges-under-test.ts';
import { until } from './poll.ts';

// The toolkit's edges for Google, in Google's functions framework.

let edges: Edges;
let host: Edges['host'];
let pubsub: Edges['pubsub'];

beforeAll(async () => {
  edges = await startEdges();
  ({ host, pubsub } = edges);
});

afterAll(() => edges?.stop());

const post = (path: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${host.url}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

const logged = (text: string) =>
  edges.lines
    .filter((line) => line.includes(text))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

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
    await until('it is dropped', () => edges.dropped.length === 1);
    expect(logged('"body":"bad task"')).toHaveLength(3);
  });

  it('refuses what it does not implement by name', async () => {
    const create = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${edges.tasks.url}/v2/${path}`, {
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
