import { request as httpRequest } from 'node:http';
import { until } from '../google/poll.ts';
import { type FunctionAppUnderTest, startUnderTest } from './function-app-under-test.ts';

let under: FunctionAppUnderTest;

beforeAll(async () => {
  under = await startUnderTest();
});

afterAll(() => under.stop());

const call = (path: string, init?: RequestInit) => fetch(`${under.app.url}${path}`, init);
const answerOf = async (path: string, init?: RequestInit): Promise<Readonly<Record<string, unknown>>> =>
  JSON.parse(await (await call(path, init)).text());
const subscription = () => under.bus.broker.queue('local-events/Subscriptions/orders');

const entry = (sessionId: string, message: object) => ({
  Body: JSON.stringify(message),
  BrokerProperties: {
    SessionId: sessionId,
    MessageId: `message-${Object(message).id}`,
    Label: 'orderly.order.placed.v1',
  },
});

it('The host tells what triggers the functions', () => {
  expect(under.app.functions).toEqual(
    expect.arrayContaining([
      { name: 'get', trigger: 'GET /orders/{orderId}' },
      { name: 'consume', trigger: 'messages of local-events/orders' },
      { name: 'mail', trigger: 'messages of mails' },
      { name: 'tick', trigger: '* * * * * *' },
    ]),
  );
});

// https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger
describe('HTTP', () => {
  it('A function gets the parameters, query, headers and body of a request', async () => {
    const answer = await answerOf('/orders/a%20b%2Fc/cancel?x=1&y=%C3%A4&X=2', {
      method: 'POST',
      headers: { 'x-tenant': 't', 'content-type': 'application/json' },
      body: '{"n":1}',
    });
    expect(answer).toMatchObject({
      name: 'cancel',
      method: 'POST',
      url: `${under.app.url}/orders/a%20b%2Fc/cancel?x=1&y=%C3%A4&X=2`,
      params: { orderId: 'a b%2Fc' },
      query: { x: '1,2', y: 'ä' },
      tenant: 't',
      body: '{"n":1}',
    });
  });

  it('A function answers with a status, headers and a body', async () => {
    const response = await call('/orders', { method: 'POST' });
    expect([response.status, response.headers.get('location')]).toEqual([201, '/orders/1']);
    expect(response.headers.get('content-type')).toBe('application/json');
  });

  it.each([
    ['/orders', 'list'],
    ['/Orders/', 'list'],
    ['/orders/7', 'get'],
    ['/orders/mine', 'mine'],
    ['/orders/7/cancel', 'fallback'],
    ['/', 'fallback'],
    ['/a/b/c', 'fallback'],
  ])('GET %s goes to the function %s', async (path, name) => {
    expect(await answerOf(path)).toMatchObject({ name });
  });

  it('Methods select the function, and others go to the one that takes every path', async () => {
    expect(await answerOf('/orders', { method: 'POST' })).toMatchObject({ name: 'place' });
    expect(await answerOf('/orders', { method: 'DELETE' })).toMatchObject({
      name: 'fallback',
      params: { path: 'orders' },
    });
  });

  it('A request that no function takes gets 404 without a body', async () => {
    const response = await call('/orders', { method: 'PATCH' });
    expect([response.status, await response.text()]).toEqual([404, '']);
  });

  it('A function that returns nothing answers 204', async () => {
    expect((await call('/nothing', { method: 'PUT' })).status).toBe(204);
  });

  it('A function that fails answers 500 without a body, and is reported; its lines are as it wrote them', async () => {
    const response = await call('/fail', { method: 'PUT' });
    expect([response.status, await response.text()]).toEqual([500, '']);
    await until('the report', () => under.reports.some(({ name }) => name === 'fail'));
    const report = under.reports.find(({ name }) => name === 'fail');
    expect(report?.error).toMatch(/^Error: The function failed\.\n {4}at /);
    await until('the lines', () => under.lines.includes('it fails'));
    expect(under.lines).toContain('{"level":"INFO","message":"about to fail"}');
  });

  it('Each invocation is reported with its id and duration', async () => {
    const { invocationId } = await answerOf('/orders');
    await until('the report', () => under.reports.some((report) => report.invocationId === invocationId));
    const report = under.reports.find((each) => each.invocationId === invocationId);
    expect(report).toMatchObject({
      name: 'list',
      durationMs: expect.any(Number),
      startedAt: expect.any(Number),
    });
    expect(report?.error).toBeUndefined();
  });

  // ToRpcHttp in https://github.com/Azure/azure-functions-host reads bodies with a Content-Length only.
  it('A body without a length is not handed on', async () => {
    const answer = await new Promise<string>((done, failed) => {
      const request = httpRequest(`${under.app.url}/orders`, { method: 'POST' }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk)).on('end', () => done(text));
      });
      request.on('error', failed).write('chunk');
      request.end();
    });
    expect(JSON.parse(answer)).toMatchObject({ name: 'place', body: '' });
  });
});

// https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger
describe('Service Bus', () => {
  it('A function gets the parsed body and the metadata of a message', async () => {
    await under.send('local-events', entry('order-1', { id: 'm1', total: 1 }));
    await until('the message', () => under.written('consume').some(({ message }) => message.id === 'm1'));
    expect(under.written('consume').find(({ message }) => message.id === 'm1')).toMatchObject({
      message: { total: 1 },
      metadata: {
        messageId: 'message-m1',
        sessionId: 'order-1',
        subject: 'orderly.order.placed.v1',
        deliveryCount: 1,
        sequenceNumber: expect.any(Number),
        enqueuedTimeUtc: expect.stringMatching(/^\d{4}-.*Z$/),
        lockToken: expect.any(String),
      },
    });
    await until(
      'it is completed',
      () => subscription().counts().active + subscription().counts().locked === 0,
    );
  });

  it('Messages of a session are handled one at a time in order, a failed one again before the next', async () => {
    const messages = ['s1', 's2', 's3'].map((id) => entry('order-2', { id, fails: id === 's2' ? 1 : 0 }));
    await under.send('local-events', ...messages);
    const ofSession = () => under.written('consume').filter(({ message }) => message.session === 'order-2');
    await until('the messages', () => ofSession().length === 4);
    expect(ofSession().map(({ message, metadata }) => [message.id, metadata?.deliveryCount])).toEqual([
      ['s1', 1],
      ['s2', 1],
      ['s2', 2],
      ['s3', 1],
    ]);
  });

  it('Sessions are handled side by side, and more than there are places for', async () => {
    const sessions = Array.from({ length: 10 }, (_, index) => `many-${index}`);
    await under.send('local-events', ...sessions.map((session) => entry(session, { id: session })));
    const many = () =>
      under.written('consume').filter(({ message }) => String(message.id).startsWith('many-'));
    await until('the messages', () => many().length === sessions.length);
    const running = many().map(({ message }) => Number(message.running));
    expect(Math.max(...running)).toBeGreaterThan(1);
    expect(Math.max(...running)).toBeLessThanOrEqual(4);
  });

  it('A message that fails too often is dead-lettered, and the next one of its session is handled', async () => {
    await under.send(
      'local-events',
      entry('order-3', { id: 'poison', fails: 99 }),
      entry('order-3', { id: 'after' }),
    );
    await until('the next message', () =>
      under.written('consume').some(({ message }) => message.id === 'after'),
    );
    const ids = under
      .written('consume')
      .filter(({ message }) => message.session === 'order-3')
      .map(({ message }) => message.id);
    expect(ids).toEqual(['poison', 'poison', 'poison', 'after']);
    const [dead] = subscription().deadLetters?.peek(1, 10) ?? [];
    expect(dead?.content.properties).toMatchObject({ DeadLetterReason: 'MaxDeliveryCountExceeded' });
  });

  it('A function of a queue gets text that is not JSON as it is', async () => {
    await under.send('mails', { Body: 'plain text' }, { Body: '"quoted"' });
    await until('the messages', () => under.written('mail').length >= 2);
    expect(under.written('mail').map(({ message }) => message)).toEqual(
      expect.arrayContaining(['plain text', 'quoted']),
    );
  });

  it('The host goes on when Service Bus has been busy', async () => {
    under.bus.fail(true);
    await until('it notices', () =>
      under.lines.some((line) => line.includes('consume: Service Bus fails for local-events/orders')),
    );
    under.bus.fail(false);
    await under.send('local-events', entry('order-4', { id: 'later' }));
    await until('the message', () => under.written('consume').some(({ message }) => message.id === 'later'));
  });
});

// https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer
describe('Timers', () => {
  it('A function runs by its schedule, with the times in camel case', async () => {
    await until('two runs', () => under.written('tick').length >= 2);
    const [, second] = under.written('tick');
    expect(second?.message).toMatchObject({
      isPastDue: false,
      scheduleStatus: { last: expect.any(String), next: expect.any(String) },
    });
  });

  it('A timer can be run at any time', async () => {
    expect(under.written('sweep')).toEqual([]);
    under.app.runTimer('sweep');
    await until('the run', () => under.written('sweep').length === 1);
  });
});

const http = (more: string) => `app.http('f', { handler: async () => ({}), ${more} });`;
const timer = (more: string) => `app.timer('f', { handler: () => {}, ${more} });`;
const queue = (more: string) =>
  `app.serviceBusQueue('f', { connection: 'BUS', handler: () => {}, ${more} });`;
const everySecond = "schedule: '* * * * * *'";
const retry = "retry: { strategy: 'fixedDelay', maxRetryCount: 1, delayInterval: 1 }";

it.each([
  [
    'a function that needs a key',
    http("authLevel: 'function'"),
    'the authorization level function, which the function f has',
  ],
  [
    'a constraint in a route',
    http("route: 'orders/{id:int}'"),
    'does not implement "{id:int}" in the route orders/{id:int}',
  ],
  [
    'a route of the host',
    http("route: 'admin/orders'"),
    'The specified route conflicts with one or more built in routes',
  ],
  ['a time span for a schedule', timer("schedule: '00:00:10'"), 'does not implement the schedule "00:00:10"'],
  ['a retry policy', timer(`${everySecond}, ${retry}`), 'does not implement a retry policy'],
  [
    'messages in batches',
    queue("queueName: 'q', cardinality: 'many'"),
    'does not implement the cardinality many',
  ],
  [
    'a setting that is not there',
    queue("queueName: '%NONE%'"),
    "'%NONE%' of the function f does not resolve",
  ],
  [
    'another trigger',
    "app.storageQueue('f', { connection: 'c', queueName: 'q', handler() {} });",
    'the binding queueTrigger',
  ],
  [
    'a hook',
    `app.hook.preInvocation(() => {}); ${timer(everySecond)}`,
    'does not implement the hook preInvocation',
  ],
  ['an error at its load', 'throw new Error("broken at load");', 'broken at load'],
  ['no functions', '', 'registers no functions'],
])('An app is refused that has %s', async (_what, program, reason) => {
  await expect(startUnderTest(`const { app } = require('@azure/functions'); ${program}`)).rejects.toThrow(
    reason,
  );
});

it('Settings of host.json that are not implemented are refused by name', async () => {
  const start = (hostJson: unknown) => startUnderTest(undefined, { hostJson });
  await expect(start({ retry: {} })).rejects.toThrow('does not implement retry of host.json');
  const serviceBus = { prefetchCount: 10 };
  await expect(start({ extensions: { serviceBus } })).rejects.toThrow(
    'extensions.serviceBus.prefetchCount of host.json',
  );
});

// https://learn.microsoft.com/azure/azure-functions/functions-host-json#functiontimeout
it('An invocation that takes longer than functionTimeout fails, and the host goes on', async () => {
  const program = `const { app } = require('@azure/functions');
    app.http('slow', { methods: ['GET'], handler: () => new Promise(() => {}) });
    app.http('fast', { methods: ['GET'], handler: async () => ({ body: 'done' }) });`;
  const settings = { functionTimeout: '00:00:00.3', extensions: { http: { routePrefix: 'api' } } };
  const own = await startUnderTest(program, { hostJson: settings });
  const get = (name: string) => fetch(`${own.app.url}/api/${name}`);
  expect((await get('slow')).status).toBe(500);
  expect(await (await get('fast')).text()).toBe('done');
  expect((await fetch(`${own.app.url}/fast`)).status).toBe(404);
  await until('the reports', () => own.reports.length === 2);
  expect(own.reports[0]?.error).toContain('Timeout value of 0.3 s was exceeded by function: slow');
  await own.stop();
});

it('What runs is completed before the host stops', async () => {
  const own = await startUnderTest();
  await own.send('local-events', entry('order-1', { id: 'last' }));
  await until(
    'it runs',
    () => own.bus.broker.queue('local-events/Subscriptions/orders').counts().locked === 1,
  );
  await own.app.stop();
  expect(await own.app.ended).toBe('exit code 0');
  expect(own.bus.broker.queue('local-events/Subscriptions/orders').counts()).toEqual({
    active: 0,
    locked: 0,
  });
  await own.stop();
});
