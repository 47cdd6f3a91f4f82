import { OrderConfirmed, StockReserved } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import type { Trace } from '../src/trace/trace.ts';
import { outboxOf } from './outbox.ts';
import { orderEvent, TestStage } from './stage.ts';
import { createTable } from './stage-tables.ts';

const orderId = 'order-1';
const flow = { correlationid: 'flow-1', subject: orderId };
const reserved = sampleEvent(StockReserved, { ...flow, causationid: 'placed-event' });
const confirmed = sampleEvent(OrderConfirmed, { ...flow, sequence: 2, causationid: reserved.id });

const stage = new TestStage();
beforeAll(async () => {
  await createTable(`${stage.name}-orders`, [
    {
      pk: `ORDER#${orderId}`,
      status: 'CONFIRMED',
      version: 2,
      customer: { id: 'alice', email: 'alice@example.com' },
      currency: 'EUR',
      total: 2500,
      lines: [{ sku: 'MUG', quantity: 2 }],
      placedAt: '2026-11-24T10:00:00.000Z',
      confirmedAt: '2026-11-24T10:00:02.000Z',
      outbox: outboxOf(confirmed),
    },
  ]);
  await createTable(`${stage.name}-inventory`, [
    {
      pk: `RESERVATION#${orderId}`,
      ...{ status: 'RESERVED', version: 1, lines: [{ sku: 'MUG', quantity: 2 }] },
      updatedAt: '2026-11-24T10:00:01.000Z',
      outbox: outboxOf(reserved),
    },
  ]);
  await createTable(`${stage.name}-notifications`, [
    {
      ...{ pk: `ORDER#${orderId}`, sk: 'order-confirmed', kind: 'order-confirmed', status: 'FAILED' },
      ...{ channel: 'smtp', attempts: 1, reason: 'mailbox unknown' },
      createdAt: '2026-11-24T10:00:03.000Z',
      failedAt: '2026-11-24T10:00:04.000Z',
    },
  ]);
});

it('trace lists the states of an order in time order, with its events and oddities', async () => {
  const { order, timeline, odd } = await stage.json<Trace>('trace', orderId);

  expect(order).toEqual({ status: 'CONFIRMED', version: 2, customer: 'a***@example.com' });
  expect(timeline.map(({ service, what }) => `${service}: ${what}`)).toEqual([
    'orders: PLACED',
    'inventory: stock RESERVED',
    'orders: CONFIRMED',
    'notifications: order-confirmed FAILED',
  ]);
  expect(timeline[2]?.event).toMatchObject({
    id: confirmed.id,
    correlationid: 'flow-1',
    causationid: reserved.id,
  });
  expect(odd).toEqual([
    'Notification order-confirmed FAILED: mailbox unknown. Fix the cause, then: orderly notifications retry.',
  ]);
});

it('trace prints money and counts for people, never the whole address of a customer, and fits a terminal', async () => {
  const { out } = await stage.orderly('trace', orderId);

  expect(out).toContain('Order order-1: CONFIRMED, version 2');
  expect(out).toMatch(/10:00:01\.000Z +inventory +stock RESERVED/);
  expect(out).toContain('a***@example.com');
  expect(out).not.toContain('alice@');
  expect(out).toContain('1 line, 25.00 EUR');
  expect(out).toContain('smtp, 1 attempt');
  expect(out).toContain(`orders         CONFIRMED\n  event ${confirmed.id}\n    caused by ${reserved.id}\n`);
  const rows = out.split('\n').filter((line) => !line.startsWith('Odd: '));
  for (const row of rows) expect(row.length).toBeLessThanOrEqual(80);
});

it('trace --dead-letters finds the dead letters about an order, and no others', async () => {
  const queues = await stage.createSubscription('order-events--inventory.fifo');
  for (const subject of [orderId, 'another']) {
    await stage.send(queues.inbox, JSON.stringify(orderEvent(subject)), { group: subject });
  }
  await stage.failAll(queues, 2);

  const { deadLetters = [] } = await stage.json<Trace>('trace', orderId, '--dead-letters');

  expect(deadLetters).toEqual([
    expect.objectContaining({ queue: `${stage.name}-dlq--order-events--inventory.fifo` }),
  ]);
});

it('trace names the stage that it searched for an unknown order', async () => {
  const { code, err } = await stage.orderly('trace', 'no-such-order');

  expect([code, err]).toEqual([1, expect.stringContaining('has no order no-such-order')]);
});
