import { randomUUID } from 'node:crypto';
import {
  type CloudEvent,
  OrderConfirmed,
  OrderPlaced,
  ProductUpserted,
  parse,
  WebhookEndpointDisabled,
} from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { messageGroupOf } from '@orderly/functions/aws/publishing/message-group';
import type { Replayed } from '../src/replay/replay.ts';
import { outboxOf } from './outbox.ts';
import { TestStage } from './stage.ts';
import { createTable } from './stage-tables.ts';

/** An order as the orders service stores it after an event. */
function orderItem(event: CloudEvent) {
  return { pk: `ORDER#${event.subject}`, outbox: outboxOf(event) };
}

const fresh = (time = '2026-11-24T10:00:00.000Z') => ({ id: randomUUID(), subject: randomUUID(), time });
const placed = (time?: string): CloudEvent => sampleEvent(OrderPlaced, fresh(time));
const confirmed = (): CloudEvent => sampleEvent(OrderConfirmed, { ...fresh(), sequence: 2 });

const bodies = (messages: readonly { readonly Body?: string | undefined }[]): readonly CloudEvent[] =>
  messages.map(({ Body = '' }) => JSON.parse(Body));
const byId = (events: readonly CloudEvent[]) => new Map(events.map((event) => [event.id, event]));

it('replay sends the newest event of each aggregate once, marked, and nothing else', async () => {
  const stage = new TestStage();
  const events = [placed(), placed(), confirmed()];
  await createTable(`${stage.name}-orders`, [...events.map(orderItem), { pk: 'PRODUCT#MUG', sku: 'MUG' }]);
  const queue = await stage.createQueue('order-events--new.fifo');

  const { counts } = await stage.json<Replayed>(
    ...['replay', '--topic', 'order-events', '--to', `${stage.name}-order-events--new.fifo`],
  );

  const received = await stage.drain(queue);
  expect(byId(bodies(received))).toEqual(byId(events.map((event) => ({ ...event, orderlyreplay: true }))));
  expect(received).toHaveLength(3);
  expect(received.map(({ Attributes }) => Attributes?.MessageGroupId).sort()).toEqual(
    events.map(({ subject }) => subject).sort(),
  );
  expect(counts).toEqual({
    ...{ items: 4, other: 1, aggregates: 3, withoutEvents: 0, sent: 3, filtered: 0, older: 0, failed: 0 },
  });
});

it("replay obeys the queue's tag, --since and --order, also on a standard queue", async () => {
  const stage = new TestStage();
  const [old, recent, other] = [placed('2026-11-01T00:00:00.000Z'), placed(), confirmed()];
  await createTable(`${stage.name}-orders`, [old, recent, other].map(orderItem));
  const queue = await stage.createQueue('order-events--new', {}, { 'orderly:events': 'OrderPlaced' });
  const command = ['replay', '--topic', 'order-events', '--to', queue];

  const since = await stage.json<Replayed>(...command, '--since', '2026-11-02');
  const ofOrder = await stage.json<Replayed>(...command, '--order', old.subject);

  expect(since.counts).toMatchObject({ aggregates: 3, sent: 1, filtered: 1, older: 1 });
  expect(ofOrder.counts).toMatchObject({ items: 1, aggregates: 1, sent: 1 });
  expect(
    bodies(await stage.drain(queue))
      .map(({ id }) => id)
      .sort(),
  ).toEqual([old.id, recent.id].sort());
});

it('replay sends the events of endpoints from among their deliveries, and knows no order there', async () => {
  const stage = new TestStage();
  const disabled = sampleEvent(WebhookEndpointDisabled, fresh());
  const { subject } = disabled;
  await createTable(`${stage.name}-webhooks`, [
    { pk: 'ENDPOINTS', sk: subject, outbox: outboxOf(disabled) },
    { pk: `ENDPOINT#${subject}`, sk: `DELIVERY#${randomUUID()}`, status: 'PENDING' },
  ]);
  const queue = await stage.createQueue('webhook-events--new.fifo');
  const command = ['replay', '--topic', 'webhook-events', '--to'];

  const { counts } = await stage.json<Replayed>(...command, queue);
  const ofOrder = await stage.orderly(...command, queue, '--order', randomUUID());
  const toWakeUps = await stage.orderly(...command, `${stage.name}-webhooks--deliveries`);

  expect(counts).toMatchObject({ items: 2, other: 1, aggregates: 1, sent: 1 });
  expect(bodies(await stage.drain(queue))).toEqual([{ ...disabled, orderlyreplay: true }]);
  expect([ofOrder.code, ofOrder.err]).toEqual([
    1,
    expect.stringContaining('No event of webhook-events is about an order.'),
  ]);
  expect([toWakeUps.code, toWakeUps.err]).toEqual([2, expect.stringContaining('the wake-ups of webhooks')]);
});

it('replay makes the event of a product whose stock has moved from its state, the same each time', async () => {
  const stage = new TestStage();
  // SQS refuses this SKU as a message group, and the character in the name.
  const details = { sku: 'Größe 42', name: 'Mug \uFFFE', price: 1250, currency: 'EUR', onSale: false };
  const product = {
    pk: `PRODUCT#${details.sku}`,
    listed: 'PRODUCT',
    ...details,
    onHand: 9,
    reserved: 2,
    available: 7,
  };
  const released = { pk: 'RESERVATION#early', orderId: 'early', status: 'RELEASED', lines: [], version: 1 };
  const adjustment = { pk: 'ADJUSTMENT#MUG#1', sku: 'MUG', quantity: 9 };
  await createTable(`${stage.name}-inventory`, [{ ...product, version: 7 }, released, adjustment]);
  const queue = await stage.createQueue('inventory-events--new.fifo');
  const command = ['replay', '--topic', 'inventory-events', '--to', queue];

  const { counts } = await stage.json<Replayed>(...command);
  await stage.json<Replayed>(...command);

  const received = await stage.drain(queue);
  const [first, second, ...rest] = bodies(received);
  expect(parse(ProductUpserted.schema, first)).toMatchObject({
    outcome: 'valid',
    value: { subject: details.sku, sequence: 7, data: details, orderlyreplay: true },
  });
  expect([second?.id, rest]).toEqual([first?.id, []]);
  expect(received[0]?.Attributes?.MessageGroupId).toBe(messageGroupOf(details.sku));
  expect(counts).toMatchObject({ items: 3, other: 1, aggregates: 2, withoutEvents: 1, sent: 1 });
});

it('replay applies --since to the upsert of a product, not to movements of its stock', async () => {
  const stage = new TestStage();
  const product = (sku: string, upsertedAt: string) => ({
    ...{ pk: `PRODUCT#${sku}`, sku, name: sku, price: 1250, currency: 'EUR' },
    ...{ version: 7, onHand: 9, reserved: 2, available: 7, upsertedAt },
  });
  await createTable(`${stage.name}-inventory`, [
    product('OLD', '2026-11-01T00:00:00.000Z'),
    product('NEW', '2026-11-03T00:00:00.000Z'),
  ]);
  const queue = await stage.createQueue('inventory-events--new.fifo');

  const { counts } = await stage.json<Replayed>(
    ...['replay', '--topic', 'inventory-events', '--to', queue, '--since', '2026-11-02'],
  );

  expect(counts).toMatchObject({ aggregates: 2, sent: 1, older: 1 });
  expect(bodies(await stage.drain(queue))).toMatchObject([
    { subject: 'NEW', time: '2026-11-03T00:00:00.000Z' },
  ]);
});

it('replay --dry-run counts events and sends none', async () => {
  const stage = new TestStage();
  await createTable(`${stage.name}-orders`, [placed(), placed()].map(orderItem));
  const queue = await stage.createQueue('order-events--new.fifo');

  const { counts } = await stage.json<Replayed>(
    ...['replay', '--topic', 'order-events', '--to', queue, '--dry-run'],
  );

  expect([counts.sent, await stage.messagesIn(queue)]).toEqual([2, 0]);
});

it('replay reports events that cannot be sent, sends the others, and ends with 1', async () => {
  const stage = new TestStage();
  const good = placed();
  const broken = { pk: 'ORDER#broken', outbox: { subject: 'broken', events: [{ body: 'no JSON' }] } };
  await createTable(`${stage.name}-orders`, [orderItem(good), broken]);
  const queue = await stage.createQueue('order-events--new.fifo');

  const { code, out, err } = await stage.orderly('replay', '--topic', 'order-events', '--to', queue);

  expect(code).toBe(1);
  expect(out).toContain('not ORDER#broken');
  expect(err).toContain('Not sent: 1');
  expect(bodies(await stage.drain(queue)).map(({ id }) => id)).toEqual([good.id]);
});

describe('replay refuses', () => {
  const stage = new TestStage();
  const to = `${stage.name}-order-events--new.fifo`;
  beforeAll(async () => {
    await createTable(`${stage.name}-orders`, [orderItem(placed())]);
    await stage.createQueue('order-events--new.fifo');
    await stage.createQueue('order-events--notifications.fifo');
  });

  it.each<readonly [what: string, args: readonly string[], code: number, message: string]>([
    ['no topic', ['--to', to], 2, 'Give --topic <topic> and --to <queue>'],
    ['an unknown topic', ['--topic', 'orders', '--to', to], 2, 'one of order-events'],
    ['a queue that is not there', ['--topic', 'order-events', '--to', 'nowhere'], 1, 'no queue nowhere'],
    [
      'the subscription of another topic',
      ['--topic', 'order-events', '--to', `${stage.name}-inventory-events--orders.fifo`],
      2,
      'a subscription of inventory-events',
    ],
    [
      'to reach customers without --yes',
      ['--topic', 'order-events', '--to', `${stage.name}-order-events--notifications.fifo`],
      2,
      'leads to customers',
    ],
    [
      'an order that is not there',
      ['--topic', 'order-events', '--to', to, '--order', 'no-such-order'],
      1,
      'nothing of an order no-such-order',
    ],
    ['a file that is not there', ['--resume', 'nowhere.json'], 2, '--resume takes the file'],
  ])('%s', async (_what, args, code, message) => {
    const answer = await stage.orderly('replay', ...args);

    expect(answer.err).toContain(message);
    expect(answer.code).toBe(code);
  });
});
