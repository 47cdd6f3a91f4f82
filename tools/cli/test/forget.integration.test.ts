import { randomUUID } from 'node:crypto';
import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import {
  type CloudEvent,
  erasedEmail,
  NotificationFailed,
  OrderCancelled,
  OrderConfirmed,
  OrderPlaced,
  OrderShipped,
} from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { outboxMessagesOf } from '@orderly/functions/aws/publishing/outbox-message';
import { services } from '@orderly/local/services';
import { customerOrders } from '@orderly/orders/customer-data';
import { customerDeliveries } from '@orderly/webhooks/customer-data';
import type { ErasedCustomer } from '../src/forget/forget.ts';
import type { Replayed } from '../src/replay/replay.ts';
import type { Trace } from '../src/trace/trace.ts';
import { killAt } from './kill-at.ts';
import { outboxOf } from './outbox.ts';
import { TestStage } from './stage.ts';
import { createTable, itemsOf, putItems } from './stage-tables.ts';

const ann = { id: 'ann', email: 'ann@example.com' };
const joann = { id: 'joann', email: 'joann@example.com' };

type Definition = typeof OrderPlaced | typeof OrderConfirmed | typeof OrderCancelled | typeof OrderShipped;

const orderEvent = (
  definition: Definition,
  customer: typeof ann,
  orderId: string = randomUUID(),
): CloudEvent =>
  sampleEvent<
    string,
    { orderId: string; customer: typeof ann; reference: string; metadata: { note: string } }
  >(definition as never, {
    id: randomUUID(),
    sequence: 3,
    data: { orderId, customer, reference: `PO of ${customer.id}`, metadata: { note: `for ${customer.id}` } },
  });

/** An order as the orders service stores it after its last event. */
function orderItem(event: CloudEvent, status: string) {
  const { customer, orderId, ...order } = event.data as {
    customer: typeof ann;
    orderId: string;
    reference: string;
    metadata: object;
  };
  return {
    ...order,
    pk: `ORDER#${orderId}`,
    orderId,
    status,
    version: event.sequence,
    customer,
    customerId: customer.id,
    requestHash: 'a hash of the address among others',
    outbox: outboxOf(event),
  };
}

function failedNotification(orderId: string, reason: string) {
  const event = sampleEvent(NotificationFailed, { id: randomUUID(), data: { orderId, reason } });
  return {
    ...event.data,
    pk: `ORDER#${orderId}`,
    sk: event.data.kind,
    status: 'FAILED',
    version: 2,
    attempts: 1,
    createdAt: event.time,
    outbox: outboxOf(event),
  };
}

/** The delivery of an event, after an attempt whose answer quotes it. */
function deliveryItem(event: CloudEvent, endpointId: string) {
  const body = JSON.stringify(event);
  return {
    pk: `ENDPOINT#${endpointId}`,
    sk: `DELIVERY#${event.id}`,
    ...{
      endpointId,
      eventId: event.id,
      eventType: event.type,
      body,
      status: 'PENDING',
      failures: 1,
      version: 2,
    },
    attempts: [
      { outcome: 'answered', status: 500, answer: `cannot take ${body}`, durationMs: 9, at: event.time },
    ],
    nextAttemptAt: event.time,
    createdAt: event.time,
    expiresAt: 1_900_000_000,
  };
}

/** A stage on which a customer has left traces in every place, beside another one. */
class Traces {
  readonly stage = new TestStage();
  readonly shipped = orderEvent(OrderShipped, ann);
  readonly cancelled = orderEvent(OrderCancelled, { ...ann, email: 'ann@work.example' });
  readonly others = orderEvent(OrderShipped, joann);
  queues: Readonly<Record<'inventory' | 'standard' | 'parked' | 'told', string>> = {
    ...{ inventory: '', standard: '', parked: '', told: '' },
  };

  async lay(more: readonly ReturnType<typeof orderItem>[] = []): Promise<void> {
    const { stage, shipped, cancelled, others } = this;
    await createTable(`${stage.name}-orders`, [
      orderItem(shipped, 'SHIPPED'),
      orderItem(cancelled, 'CANCELLED'),
      orderItem(others, 'SHIPPED'),
      ...more,
    ]);
    await createTable(`${stage.name}-inventory`, []);
    await createTable(`${stage.name}-notifications`, [
      failedNotification(shipped.subject, `550 <${ann.email}>: no such user`),
      failedNotification(others.subject, `550 <${joann.email}>: no such user`),
      { pk: `ORDER#${cancelled.subject}`, sk: 'order-cancelled', status: 'PENDING', version: 1 },
    ]);
    await createTable(`${stage.name}-webhooks`, [
      { pk: 'ENDPOINTS', sk: 'warehouse', status: 'ENABLED', version: 1 },
      { pk: 'WORK#warehouse', sk: 'WORK', failures: 1, version: 1 },
      { pk: 'DUE#warehouse', sk: `${shipped.time}#${shipped.id}` },
      deliveryItem(shipped, 'warehouse'),
      deliveryItem(cancelled, 'of-a-deleted-endpoint'),
      deliveryItem(others, 'warehouse'),
    ]);
    this.queues = {
      inventory: await stage.createQueue('dlq--order-events--inventory.fifo'),
      standard: await stage.createQueue('dlq--order-events--loyalty'),
      parked: await stage.createQueue('dlq--order-events.fifo'),
      told: await stage.createQueue('dlq--notification-events--crm.fifo'),
    };
    const { inventory, standard, parked, told } = this.queues;
    const placed = { ...orderEvent(OrderPlaced, ann, shipped.subject), sequence: 1 };
    for (const event of [placed, shipped, others]) {
      await stage.send(inventory, JSON.stringify(event), { group: event.subject, id: event.id });
      await stage.send(standard, JSON.stringify(event));
    }
    await stage.send(inventory, `no JSON of ${ann.email}`, { group: 'poison' });
    const target = `http://sqs.test/1/${stage.name}-order-events--gone.fifo`;
    await stage.send(parked, JSON.stringify(shipped), {
      ...{ group: shipped.subject, id: `${shipped.id}:hash`, attributes: { target, reason: 'refused' } },
    });
    await stage.send(told, JSON.stringify(failedNotification(shipped.subject, `no ${ann.email}`)));
  }

  /** Everything that all tables hold, and all queues: they are empty then. */
  async everything(): Promise<string> {
    const names = services.map((name) => `${this.stage.name}-${name}`);
    const items = await Promise.all(names.map(itemsOf));
    const messages = await Promise.all(Object.values(this.queues).map((url) => this.stage.drain(url)));
    return JSON.stringify([items, messages]);
  }
}

it('erases a customer from all tables and queues, and leaves the books and everybody else as they were', async () => {
  const traces = new Traces();
  await traces.lay();
  const { stage, shipped, cancelled, others } = traces;

  const report = await stage.json<ErasedCustomer>('forget', 'ann', '--yes');

  expect([...report.erased].sort()).toEqual([shipped.subject, cancelled.subject].sort());
  expect([report.open, report.notifications, report.deliveries, report.changed]).toEqual([[], 1, 2, 0]);
  const orders = await itemsOf(`${stage.name}-orders`);
  const order = orders.find(({ orderId }) => orderId === shipped.subject);
  const {
    outbox: _,
    requestHash: __,
    customer: ___,
    reference,
    metadata,
    ...books
  } = orderItem(shipped, 'SHIPPED');
  expect([reference, metadata]).toEqual(['PO of ann', { note: 'for ann' }]);
  expect([order?.reference, order?.metadata]).toEqual([undefined, undefined]);
  expect(order).toMatchObject({ ...books, customer: { id: 'ann', email: erasedEmail } });
  expect(orders).toContainEqual(orderItem(others, 'SHIPPED'));
  const left = await traces.everything();
  expect(left).not.toMatch(/(?<!jo)ann@|ann@work/i);
  expect(left).not.toMatch(/PO of ann|for ann/);
  expect(left).toContain('PO of joann');
  // Items twice each (address and outbox), a notification and a delivery likewise, two messages.
  expect(left.match(/joann@example\.com/g)).toHaveLength(8);
});

it('erases what was posted and answered, and leaves each delivery as it stands, under a new version', async () => {
  const traces = new Traces();
  await traces.lay();
  const { stage, shipped, others } = traces;

  await stage.json('forget', 'ann', '--yes');

  const items = await itemsOf(`${stage.name}-webhooks`);
  const before = deliveryItem(shipped, 'warehouse');
  const erased = items.find(({ sk }) => sk === before.sk);
  expect(erased).toEqual({
    ...before,
    version: 3,
    body: expect.stringContaining(erasedEmail),
    attempts: [{ ...before.attempts[0], answer: '' }],
  });
  expect(items).toContainEqual(deliveryItem(others, 'warehouse'));
});

it('loses no attempt that is recorded while a delivery is erased', async () => {
  const stage = new TestStage();
  const event = orderEvent(OrderShipped, ann);
  const item = deliveryItem(event, 'warehouse');
  const name = `${stage.name}-webhooks`;
  await createTable(name, [item]);
  const recorded = { ...item, status: 'DELIVERED', version: 3 };
  const client = new DynamoDBClient({});
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'PutItemCommand') await putItems(name, [recorded]);
        return next(args);
      },
    { step: 'initialize' },
  );

  const outcome = await customerDeliveries(client, name).erase(
    new Set([event.subject]),
    (text) => text.replaceAll(ann.email, erasedEmail),
    { dryRun: false, signal: new AbortController().signal },
  );

  expect([outcome, await itemsOf(name)]).toEqual([{ found: 1, changed: 1 }, [recorded]]);
});

it('works on a stage without the webhooks service', async () => {
  const stage = new TestStage();
  const event = orderEvent(OrderShipped, ann);
  await createTable(`${stage.name}-orders`, [orderItem(event, 'SHIPPED')]);
  await createTable(`${stage.name}-notifications`, []);

  const { erased, deliveries } = await stage.json<ErasedCustomer>('forget', 'ann', '--yes');

  expect([erased, deliveries]).toEqual([[event.subject], 0]);
});

it('keeps the order of a group, and what a parked event needs to go where it was meant to', async () => {
  const traces = new Traces();
  await traces.lay();
  const { stage, shipped, queues } = traces;

  await stage.json('forget', 'ann', '--yes');

  const inventory = (await stage.drain(queues.inventory)).filter(
    ({ Attributes }) => Attributes?.MessageGroupId === shipped.subject,
  );
  expect(inventory.map(({ Body = '' }) => JSON.parse(Body).sequence)).toEqual([1, 3]);
  const [parked] = await stage.drain(queues.parked);
  expect(parked?.Attributes?.MessageDeduplicationId).toMatch(new RegExp(`^${shipped.id}:hash:`));
  expect(parked?.MessageAttributes?.target?.StringValue).toContain('--gone.fifo');
});

it('publishes nothing: replay and trace still know the last event, without the address', async () => {
  const traces = new Traces();
  await traces.lay();
  const { stage, shipped } = traces;
  const queue = await stage.createQueue('order-events--new.fifo');

  await stage.json('forget', 'ann', '--yes');

  const items = await itemsOf(`${stage.name}-orders`);
  const images = items
    .filter(({ customerId }) => customerId === 'ann')
    .map((item): Record<string, AttributeValue> => marshall(item));
  expect(images).toHaveLength(2);
  expect(
    images.flatMap((NewImage) => outboxMessagesOf({ dynamodb: { SequenceNumber: '1', NewImage } })),
  ).toEqual([]);
  expect(await stage.messagesIn(queue)).toBe(0);
  const { counts } = await stage.json<Replayed>(
    ...['replay', '--topic', 'order-events', '--to', queue, '--order', shipped.subject],
  );
  const [replayed] = await stage.drain(queue);
  expect([counts.sent, JSON.parse(replayed?.Body ?? '')]).toEqual([
    1,
    expect.objectContaining({
      ...{ id: shipped.id, sequence: 3, orderlyreplay: true },
      data: expect.objectContaining({ customer: { id: 'ann', email: erasedEmail } }),
    }),
  ]);
  const traced = await stage.json<Trace>('trace', shipped.subject);
  expect(JSON.stringify(traced.timeline)).toContain(shipped.id);
});

it('leaves orders that are not final, says so, and erases them when they are', async () => {
  const traces = new Traces();
  const open = orderEvent(OrderConfirmed, ann);
  await traces.lay([orderItem(open, 'CONFIRMED')]);
  const { stage } = traces;

  const first = await stage.orderly('forget', 'ann', '--yes');

  expect([first.code, first.err]).toEqual([
    1,
    expect.stringContaining('1 order not final: ship or cancel first. Repeat this afterwards.'),
  ]);
  expect(first.out).toContain(`shipped or cancelled (POST /orders/${open.subject}/cancel)`);
  expect(await itemsOf(`${stage.name}-orders`)).toContainEqual(orderItem(open, 'CONFIRMED'));

  await putItems(`${stage.name}-orders`, [orderItem(orderEvent(OrderShipped, ann, open.subject), 'SHIPPED')]);
  const { erased } = await stage.json<ErasedCustomer>('forget', 'ann', '--yes');

  expect(erased).toEqual([open.subject]);
});

it.each([
  ['before anything is sent', 'sqs', 'SendMessageBatch'],
  ['when copies are sent and nothing removed', 'sqs', 'DeleteMessageBatch'],
  ['before anything is written', 'dynamodb', 'PutItem'],
] as const)('killed %s, it loses nothing and can be repeated', async (_when, service, operation) => {
  const traces = new Traces();
  await traces.lay();
  const { stage, shipped, queues } = traces;

  await killAt(service, operation, ['forget', 'ann', '--yes', '--stage', stage.name]);
  await stage.json<ErasedCustomer>('forget', 'ann', '--yes');

  const inventory = (await stage.drain(queues.inventory)).map(({ Body = '' }) => Body);
  expect(inventory.filter((body) => body.includes(shipped.id))).toHaveLength(1);
  expect(`${inventory} ${await traces.everything()}`).not.toMatch(/(?<!jo)ann@/);
});

it('writes nothing over a change that has come in between', async () => {
  const stage = new TestStage();
  const item = orderItem(orderEvent(OrderShipped, ann), 'SHIPPED');
  await createTable(`${stage.name}-orders`, [item]);
  const orders = customerOrders(new DynamoDBClient({}), `${stage.name}-orders`);
  const [read] = await orders.find('ann');
  await putItems(`${stage.name}-orders`, [{ ...item, version: 4 }]);

  const written = read && (await orders.erase(read, { eraseText: () => 'erased' }));

  expect([written, await itemsOf(`${stage.name}-orders`)]).toEqual([false, [{ ...item, version: 4 }]]);
});

it('repeated changes nothing in the tables, and finds what has failed meanwhile behind what it has erased', async () => {
  const traces = new Traces();
  await traces.lay();
  const { stage, shipped, queues } = traces;
  await stage.json('forget', 'ann', '--yes');
  const tables = () => Promise.all([itemsOf(`${stage.name}-orders`), itemsOf(`${stage.name}-webhooks`)]);
  const before = await tables();
  const late = { ...shipped, sequence: 4 };
  await stage.send(queues.inventory, JSON.stringify(late), { group: shipped.subject });

  const again = await stage.json<ErasedCustomer>('forget', 'ann', '--yes');

  expect([again.erased, again.orders, again.deadLetters]).toEqual([
    [],
    2,
    [expect.objectContaining({ queue: expect.stringContaining('--inventory.fifo'), erased: 1 })],
  ]);
  expect(await tables()).toEqual(before);
  expect(await traces.everything()).not.toMatch(/(?<!jo)ann@example/);
});

it('replaces an id that is an address', async () => {
  const stage = new TestStage();
  const event = orderEvent(OrderShipped, { id: ann.email, email: ann.email });
  await createTable(`${stage.name}-orders`, [orderItem(event, 'SHIPPED')]);
  await createTable(`${stage.name}-notifications`, []);

  await stage.json('forget', ann.email, '--yes');

  const [order] = await itemsOf(`${stage.name}-orders`);
  expect(order).toMatchObject({ customerId: expect.stringMatching(/^forgotten-[0-9a-f-]{36}$/) });
  expect(JSON.stringify(order)).not.toContain('ann@');
});

it('with --dry-run says what it would erase, and erases nothing', async () => {
  const traces = new Traces();
  await traces.lay();
  const { stage, shipped } = traces;
  const tables = () => Promise.all([itemsOf(`${stage.name}-orders`), itemsOf(`${stage.name}-webhooks`)]);
  const before = await tables();

  const { code, out } = await stage.orderly('forget', 'ann', '--dry-run');

  expect([code, out]).toEqual([0, expect.stringContaining('2 of 2 orders would be erased')]);
  expect(out).toContain('2 webhook deliveries would be erased');
  expect(await tables()).toEqual(before);
  expect(await traces.everything()).toContain(JSON.stringify(JSON.stringify(shipped)).slice(1, -1));
});

it.each([
  ['asks for --yes where nobody can be asked', ['ann'], 2, 'add --yes'],
  ['says when there is nothing of a customer', ['Ann', '--yes'], 1, 'nothing of a customer Ann'],
])('%s', async (_what, args, code, message) => {
  const stage = new TestStage();
  await createTable(`${stage.name}-orders`, []);

  const answer = await stage.orderly('forget', ...args);

  expect([answer.code, answer.err]).toEqual([code, expect.stringContaining(message)]);
});
