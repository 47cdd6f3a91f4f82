import assert from 'node:assert/strict';
import { it } from 'node:test';
import { OrderCancelled, OrderConfirmed } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { award, type Entry, pointsFor, takeBack } from '../src/points.ts';

const confirmed = sampleEvent(OrderConfirmed, { sequence: 2, data: { total: 2_599, currency: 'EUR' } });
const cancelled = sampleEvent(OrderCancelled, { sequence: 3, data: { total: 2_599, currency: 'EUR' } });

type OrderEvent = typeof confirmed | typeof cancelled;

/** The entry and the customer's balance after these events, in this order. */
function after(events: readonly OrderEvent[]): { current: Entry | undefined; balance: number } {
  let current: Entry | undefined;
  let balance = 0;
  for (const event of events) {
    const posting = event.type === OrderConfirmed.type ? award(current, event) : takeBack(current, event);
    current = posting?.entry ?? current;
    balance += posting?.change ?? 0;
  }
  return { current, balance };
}

it('awards one point for each whole unit of currency', () => {
  const { total, currency } = confirmed.data;

  assert.equal(pointsFor(total, currency), 25);
  assert.equal(after([confirmed]).balance, 25);
});

it('counts whole units of currencies with no decimals and with three', () => {
  const points = (['JPY', 'HUF', 'KWD'] as const).map((currency) => {
    const { data } = sampleEvent(OrderConfirmed, { data: { total: 2_599, currency } });
    return pointsFor(data.total, data.currency);
  });

  assert.deepEqual(points, [2_599, 25, 2]);
});

it('takes back the points of a cancelled order', () => {
  assert.equal(after([confirmed, cancelled]).balance, 0);
});

it('takes nothing back for an order without points', () => {
  const early = sampleEvent(OrderCancelled, { sequence: 2 });

  assert.deepEqual(takeBack(undefined, early), {
    entry: { orderId: early.data.orderId, customerId: early.data.customer.id, sequence: 2, points: 0 },
    change: 0,
  });
});

it('gives the same balance whatever is duplicated or late', () => {
  const once = after([confirmed, cancelled]);

  assert.deepEqual(after([confirmed, confirmed, cancelled, confirmed, cancelled]), once);
  assert.deepEqual(after([cancelled, confirmed]), once);
  assert.equal(after([confirmed, confirmed]).balance, 25);
});
