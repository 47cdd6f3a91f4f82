/** @jest-environment-options {"customExportConditions": ["google", "node", "node-addons"]} */
import { setTimeout } from 'node:timers/promises';
import type * as Handler from '../src/http/handler.ts';
import type * as Consume from '../src/messaging/consume.ts';
import type * as Log from '../src/observability/log.ts';
import type * as Metrics from '../src/observability/metrics.ts';
import type { RegisteredFunction } from '../src/portable/handlers.ts';
import type * as Invoke from '../src/portable/invoke.ts';
import type * as Schedule from '../src/schedule.ts';
import { collectOutput, loadAnew, written } from './collected-output.ts';
import { orderEvent } from './records.ts';

// The database is not here: what an invocation owes it is one call at its end.
const mockPublishTouched = jest.fn<Promise<void>, []>();
jest.mock('../src/postgres/publish.ts', () => ({ publishTouched: mockPublishTouched }));

collectOutput({ POWERTOOLS_LOG_LEVEL: 'INFO', POWERTOOLS_METRICS_DISABLED: 'false', JWT_ISSUER: '' });
beforeEach(() => {
  mockPublishTouched.mockReset().mockResolvedValue();
});

const load = () =>
  loadAnew(
    () =>
      ({
        ...require('../src/portable/invoke.ts'),
        ...require('../src/http/handler.ts'),
        ...require('../src/messaging/consume.ts'),
        ...require('../src/messaging/tasks.ts'),
        ...require('../src/observability/log.ts'),
        ...require('../src/observability/metrics.ts'),
        ...require('../src/schedule.ts'),
        ...require('@orderly/contracts'),
      }) as typeof Invoke &
        typeof Handler &
        typeof Consume &
        typeof Log &
        typeof Metrics &
        typeof Schedule &
        typeof import('../src/messaging/tasks.ts') &
        typeof import('@orderly/contracts'),
  );

const fallback = { kind: 'fallback' } as const;
const due = { kind: 'schedule', everySeconds: 60, enabled: true } as const;
const tasks = { kind: 'tasks', queue: 'test-tasks' } as const;
const subscription = { kind: 'subscription', topic: 'order-events', eventTypes: [] } as const;
/** The seams have the types of AWS where TypeScript looks. */
const registered = (
  trigger: RegisteredFunction['trigger'],
  handler: unknown,
  name: string = trigger.kind,
): RegisteredFunction => ({
  name,
  trigger,
  timeoutSeconds: 3,
  handler: handler as RegisteredFunction['handler'],
});
const request = {
  method: 'GET',
  path: '/',
  pathParameters: {},
  query: {},
  headers: {},
  body: () => Buffer.alloc(0),
};
const messageOf = (event: object) => ({ id: 'm', body: JSON.stringify(event), queue: 'q', receiveCount: 1 });
const linesOf = (message: string) => written.filter((line) => line.message === message);

it('lines of two invocations at once name their own function and invocation', async () => {
  const { worker, schedule, log } = load();
  const work = schedule(async () => {
    await setTimeout(1);
    log.info('Working');
  });
  await Promise.all([
    worker(registered(due, work, 'first'))('1'),
    worker(registered(due, work, 'second'))('2'),
  ]);
  log.info('Outside');

  expect(linesOf('Working')).toMatchObject([
    { severity: 'INFO', function_name: 'first', function_request_id: '1' },
    { severity: 'INFO', function_name: 'second', function_request_id: '2' },
  ]);
  expect(linesOf('Outside')[0]).not.toHaveProperty('function_name');
});

describe('at the end of an invocation', () => {
  it('what it has committed is published, within the invocation, and the metrics are written after it', async () => {
    const { answerer, http, ok, log, count } = load();
    mockPublishTouched.mockImplementation(async () => {
      log.info('Publishing');
      count('EventsPublished', 2);
    });
    const handler = http({}, async () => {
      log.info('Answering');
      return ok({});
    });

    await answerer(registered(fallback, handler))(request, '1');

    expect(written).toMatchObject([
      { message: 'Answering', function_request_id: '1' },
      { message: 'Publishing', function_request_id: '1' },
      {
        ...{ type: 'metrics', namespace: 'Orderly', service: 'orders', stage: 'test' },
        metrics: { EventsPublished: { unit: 'Count', values: [2] } },
      },
    ]);
  });

  it('what it has committed is published, and its metrics are written, also if it fails', async () => {
    const { worker, schedule, messageConsumer, consume, taskConsumer, consumeTasks, on, OrderPlaced, count } =
      load();
    const fails = async () => {
      count('Tried');
      throw new Error('refused');
    };
    const consumer = consume(on(OrderPlaced, fails));

    await expect(worker(registered(due, schedule(fails)))()).rejects.toThrow('refused');
    await expect(
      messageConsumer(registered(subscription, consumer))(messageOf(orderEvent('A'))),
    ).rejects.toThrow('Message m, see the log');
    const failing = consumeTasks(async (tasks) => tasks);
    await expect(taskConsumer(registered(tasks, failing))({ id: 't', body: '' })).rejects.toThrow('Task t');

    expect(mockPublishTouched).toHaveBeenCalledTimes(3);
    expect(written.filter(({ type }) => type === 'metrics')).toMatchObject([
      { metrics: { Tried: { values: [1] } } },
      { metrics: { Tried: { values: [1] }, EventsFailed: { values: [1] } } },
    ]);
  });
});

describe('a message', () => {
  it('that is handled resolves, and so does one that nobody here handles', async () => {
    const { messageConsumer, consume, on, OrderPlaced } = load();
    const handled: string[] = [];
    const consumer = consume(on(OrderPlaced, async ({ subject }) => void handled.push(subject)));
    const handle = messageConsumer(registered(subscription, consumer));

    await handle(messageOf(orderEvent('A')));
    await handle(messageOf({ ...orderEvent('B'), type: 'orderly.order.unheard-of.v1' }));

    expect(handled).toEqual(['A']);
  });

  it('that is no event rejects, and the log names it', async () => {
    const { messageConsumer, consume, on, OrderPlaced } = load();
    const handle = messageConsumer(registered(subscription, consume(on(OrderPlaced, async () => undefined))));

    await expect(handle({ id: 'm', body: 'none', queue: 'q', receiveCount: 4 }, '1')).rejects.toThrow();

    expect(written).toContainEqual(
      expect.objectContaining({ message_id: 'm', queue: 'q', receive_count: 4, function_request_id: '1' }),
    );
  });
});

it('a function knows how much time its invocation has left', async () => {
  const { messageConsumer, taskConsumer, consumeTasks, consume, on, OrderPlaced } = load();
  const left: number[] = [];
  const reaction = consume(on(OrderPlaced, async (_event, { remainingMs }) => void left.push(remainingMs())));
  await messageConsumer(registered(subscription, reaction))(messageOf(orderEvent('A')));
  const handle = consumeTasks(async (_tasks, { remainingMs }) => {
    left.push(remainingMs());
    return [];
  });
  await taskConsumer(registered(tasks, handle))({ id: '1', body: '' });

  expect(left).toHaveLength(2);
  for (const ms of left) expect(ms > 1_000 && ms <= 3_000).toBe(true);
});

it('a function that is not for its trigger is refused at load', () => {
  const { answerer, schedule } = load();

  expect(() =>
    answerer(
      registered(
        fallback,
        schedule(async () => undefined),
        'sweep',
      ),
    ),
  ).toThrow('The function sweep handles work, and is registered for requests');
});
