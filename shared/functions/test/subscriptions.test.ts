import { SQSClient } from '@aws-sdk/client-sqs';
import { eventTypes } from '@orderly/contracts';
import { discoverSubscriptions } from '../src/aws/publishing/subscriptions.ts';
import { log } from '../src/observability/log.ts';
import * as metrics from '../src/observability/metrics.ts';
import { accessDenied, noSuchQueue, SqsStandIn, unavailable } from './sqs-stand-in.ts';

const prefix = 'test-order-events--';
const ttlMs = 60_000;
let standIn: SqsStandIn;
let sqs: SQSClient;

beforeEach(async () => {
  // The clock moves only where a test moves it.
  pass(0);
  standIn = new SqsStandIn();
  sqs = new SQSClient({ endpoint: await standIn.start(), maxAttempts: 1 });
});
afterEach(async () => {
  jest.restoreAllMocks();
  sqs.destroy();
  await standIn.stop();
});

const discover = (extraUrls: readonly string[] = []) =>
  discoverSubscriptions(sqs, { eventTypes: eventTypes['order-events'], prefix, extraUrls, ttlMs });
const names = (list: readonly { readonly url: string }[]) => list.map(({ url }) => url.split('--').at(-1));

/** Moves the clock of the process forward and stops it there. */
function pass(ms: number): void {
  const now = Date.now() + ms;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
}

describe('the subscriptions of a topic', () => {
  it('are the queues whose name begins with its prefix, FIFO or not', async () => {
    standIn.create(`${prefix}inventory.fifo`);
    standIn.create(`${prefix}audit`);
    standIn.create('test-dlq--order-events--inventory.fifo');
    standIn.create('test-inventory-events--orders.fifo');

    const list = await discover().list();

    expect(names(list)).toEqual(['inventory.fifo', 'audit']);
    expect(list.map(({ fifo }) => fifo)).toEqual([true, false]);
  });

  it('are found on every page of the list', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) standIn.create(prefix + name);
    standIn.pageSize = 2;

    expect(names(await discover().list())).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(standIn.countOf('ListQueues')).toBe(3);
  });

  it('include the queues of other accounts, whose tags are not read', async () => {
    standIn.create(`${prefix}own`);

    const list = await discover(['https://sqs.eu-central-1.amazonaws.com/111111111111/theirs.fifo']).list();

    expect(names(list)).toEqual(['own', 'https://sqs.eu-central-1.amazonaws.com/111111111111/theirs.fifo']);
    expect(list[1]?.fifo).toBe(true);
    expect(list[1]?.wants('orderly.order.placed.v1')).toBe(true);
    expect(standIn.countOf('ListQueueTags')).toBe(1);
  });

  it('do not include a queue that is deleted during the look-up', async () => {
    standIn.create(`${prefix}here`);
    standIn.create(`${prefix}gone`).tagsFault = noSuchQueue;

    expect(names(await discover().list())).toEqual(['here']);
  });
});

describe('the tag orderly:events', () => {
  it.each([
    [{}, true, true],
    [{ 'orderly:events': '' }, true, true],
    [{ 'orderly:events': '  ' }, true, true],
    [{ 'orderly:events': 'OrderPlaced' }, true, false],
    [{ 'orderly:events': ' OrderShipped  OrderPlaced ' }, true, true],
    [{ 'orderly:events': 'orderplaced' }, false, false],
    [{ 'orderly:events': 'OrderPlaced\tOrderShipped' }, true, true],
    [{ 'orderly:events': 'OrderPlaced\u00a0OrderShipped\n' }, true, true],
    [{ 'orderly:events': 'orderly.order.placed.v1' }, true, false],
    [{ 'orderly:events': 'orderly.order.placed.v2' }, false, false],
    [{ 'orderly:events': 'all' }, true, true],
    [{ 'orderly:events': 'OrderShipped all' }, true, true],
    [{ 'other:tag': 'OrderShipped' }, true, true],
  ])('selects events (%j: OrderPlaced %s, OrderShipped %s)', async (tags, placed, shipped) => {
    standIn.create(`${prefix}queue`, tags);

    const [queue] = await discover().list();

    expect(queue?.wants('orderly.order.placed.v1')).toBe(placed);
    expect(queue?.wants('orderly.order.shipped.v1')).toBe(shipped);
  });

  it.each([
    ['OrderPlaced orderplaced', ['orderplaced']],
    ['StockReserved orderly.order.placed.v9', ['StockReserved', 'orderly.order.placed.v9']],
  ])(
    'that selects no event with some words is logged and counted at each look-up: %j',
    async (tag, unknown) => {
      const { url } = standIn.create(`${prefix}queue`, { 'orderly:events': tag });
      standIn.create(`${prefix}right`, { 'orderly:events': 'OrderPlaced orderly.order.shipped.v1' });
      standIn.create(`${prefix}all`, { 'orderly:events': 'all' });
      const warned = jest.spyOn(log, 'warn');
      const counted = jest.spyOn(metrics, 'count');
      const subscriptions = discover();

      await subscriptions.list();
      pass(ttlMs);
      await subscriptions.list();

      const line = ['A subscription selects events that the topic does not have', { target: url, unknown }];
      expect(warned.mock.calls).toEqual([line, line]);
      expect(counted.mock.calls).toEqual([
        ['UnknownEventsInTags', unknown.length],
        ['UnknownEventsInTags', unknown.length],
      ]);
    },
  );

  it('selects every version of an event by its name', async () => {
    standIn.create(`${prefix}queue`, { 'orderly:events': 'OrderPlaced' });

    expect((await discover().list())[0]?.wants('orderly.order.placed.v2')).toBe(true);
  });

  it('that must not be read selects all events: one queue does not stop the topic', async () => {
    standIn.create(`${prefix}open`);
    standIn.create(`${prefix}closed`, { 'orderly:events': 'OrderPlaced' }).tagsFault = accessDenied;

    const list = await discover().list();

    expect(names(list)).toEqual(['open', 'closed']);
    expect(list[1]?.wants('orderly.order.shipped.v1')).toBe(true);
  });

  it('that cannot be read now fails the look-up: no queue receives events that it did not select', async () => {
    standIn.create(`${prefix}queue`).tagsFault = unavailable;

    await expect(discover().list()).rejects.toMatchObject({ name: 'ServiceUnavailable' });
  });
});

describe('a look-up', () => {
  it('is valid for its time to live', async () => {
    const subscriptions = discover();
    await subscriptions.list();
    standIn.create(`${prefix}new`);

    pass(ttlMs - 1_000);
    const before = await subscriptions.list();
    pass(1_000);
    const after = await subscriptions.list();

    expect(names(before)).toEqual([]);
    expect(names(after)).toEqual(['new']);
  });

  it('that does not list a queue does not end its subscription: the list of SQS may be out of date', async () => {
    const queue = standIn.create(`${prefix}queue`);
    standIn.create(`${prefix}other`);
    const subscriptions = discover();
    await subscriptions.list();
    queue.listed = false;

    pass(ttlMs);

    expect(names(await subscriptions.list())).toEqual(['other', 'queue']);
  });

  it('ends the subscription of a queue that a send did not find', async () => {
    const gone = standIn.create(`${prefix}gone`);
    standIn.create(`${prefix}here`);
    const subscriptions = discover();
    await subscriptions.list();
    standIn.delete(`${prefix}gone`);

    expect(await subscriptions.isGone(gone.url)).toBe(true);
    expect(names(await subscriptions.list())).toEqual(['here']);
  });

  it('that still finds such a queue, or fails, does not end its subscription', async () => {
    const queue = standIn.create(`${prefix}queue`);
    const subscriptions = discover();
    await subscriptions.list();

    expect(await subscriptions.isGone(queue.url)).toBe(false);
    standIn.listFault = unavailable;
    expect(await subscriptions.isGone(queue.url)).toBe(false);
    expect(names(await subscriptions.list())).toEqual(['queue']);
  });

  it('that fails leaves the last one in use, and is repeated at the next call', async () => {
    standIn.create(`${prefix}queue`);
    const subscriptions = discover();
    await subscriptions.list();
    standIn.listFault = unavailable;

    pass(ttlMs);
    const stale = await subscriptions.list();
    standIn.listFault = undefined;
    standIn.create(`${prefix}new`);
    const fresh = await subscriptions.list();

    expect(names(stale)).toEqual(['queue']);
    expect(names(fresh)).toEqual(['queue', 'new']);
  });

  it('that fails rejects once the last one is old: a queue may have been created meanwhile', async () => {
    standIn.create(`${prefix}queue`);
    const subscriptions = discover();
    await subscriptions.list();
    standIn.create(`${prefix}new`);
    standIn.listFault = unavailable;

    pass(2 * ttlMs);
    await expect(subscriptions.list()).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    standIn.listFault = undefined;

    expect(names(await subscriptions.list())).toEqual(['queue', 'new']);
  });

  it('that fails without an earlier one rejects, so that no event is dropped', async () => {
    standIn.listFault = unavailable;
    const subscriptions = discover();

    await expect(subscriptions.list()).rejects.toMatchObject({ name: 'ServiceUnavailable' });

    standIn.listFault = undefined;
    expect(await subscriptions.list()).toEqual([]);
  });
});
