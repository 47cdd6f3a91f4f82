import { Currency } from '@orderly/contracts';
import * as v from 'valibot';
import { odditiesOf } from '../src/trace/oddities.ts';
import type { StoredNotification, StoredOrder, StoredReservation } from '../src/trace/stored-state.ts';

const placedAt = '2026-11-24T10:00:00.000Z';
const minutesLater = (minutes: number) => new Date(Date.parse(placedAt) + minutes * 60_000);

const orderIn = (status: StoredOrder['status']): StoredOrder => ({
  status,
  version: 2,
  customer: { id: 'alice', email: 'alice@example.com' },
  currency: v.parse(Currency, 'EUR'),
  total: 100,
  lines: [{ sku: 'MUG', quantity: 1 }],
  placedAt,
});
const reservationIn = (status: string): StoredReservation => ({
  status,
  version: 1,
  lines: [],
  updatedAt: placedAt,
});
const notification = (kind: string, status: StoredNotification['status']): StoredNotification => ({
  ...{ kind, status, channel: 'log', attempts: 1, createdAt: placedAt },
});

const oddities = (
  order: StoredOrder['status'],
  reservation: string | undefined,
  notifications: readonly StoredNotification[],
  minutes = 6,
) =>
  odditiesOf(
    {
      order: orderIn(order),
      ...(reservation !== undefined && { reservation: reservationIn(reservation) }),
      notifications,
    },
    minutesLater(minutes),
  );

it.each<[StoredOrder['status'], string, string]>([
  ['CONFIRMED', 'RESERVED', 'order-confirmed'],
  ['REJECTED', 'REJECTED', 'order-rejected'],
  ['CANCELLED', 'RELEASED', 'order-cancelled'],
  ['CANCELLED', 'REJECTED', 'order-cancelled'],
  ['SHIPPED', 'SHIPPED', 'order-shipped'],
])('an order that is %s with stock %s and a notification %s is consistent', (order, reservation, kind) => {
  expect(oddities(order, reservation, [notification(kind, 'SENT')])).toEqual([]);
});

it('an order may be in progress for five minutes', () => {
  expect(oddities('PLACED', undefined, [], 4)).toEqual([]);
  expect(oddities('CONFIRMED', undefined, [], 4)).toEqual([]);
});

it('an order that stays PLACED is stuck, and the reservation says where', () => {
  expect(oddities('PLACED', undefined, [])).toEqual([
    expect.stringContaining('inventory has no reservation'),
  ]);
  expect(oddities('PLACED', 'RESERVED', [])).toEqual([expect.stringContaining('orders has not received')]);
  expect(oddities('PLACED', 'RESERVING', [])).toEqual([expect.stringContaining('has not finished')]);
});

it.each<[StoredOrder['status'], string | undefined]>([
  ['CONFIRMED', undefined],
  ['CONFIRMED', 'RELEASED'],
  ['CANCELLED', 'RESERVED'],
  ['SHIPPED', 'RESERVED'],
])('an order that is %s does not fit stock %s', (order, reservation) => {
  const sent = ['confirmed', 'cancelled', 'shipped'].map((kind) => notification(`order-${kind}`, 'SENT'));

  expect(oddities(order, reservation, sent)).toContainEqual(
    expect.stringContaining(`The order is ${order} and`),
  );
});

it('a customer without the message is odd: nothing sent, still pending, or refused', () => {
  const odd = (...notifications: StoredNotification[]) => oddities('CONFIRMED', 'RESERVED', notifications);

  expect(odd()).toEqual([expect.stringContaining('there is no notification order-confirmed')]);
  expect(odd(notification('order-confirmed', 'PENDING'))).toEqual([expect.stringContaining('is PENDING')]);
  expect(odd(notification('order-confirmed', 'FAILED'))).toEqual([expect.stringContaining('FAILED')]);
});

it('nothing is advised where the commands that help do not work', () => {
  const state = { order: orderIn('PLACED'), notifications: [notification('order-confirmed', 'FAILED')] };

  expect(odditiesOf(state, minutesLater(6), false)).toEqual([
    'PLACED for 6 minutes; inventory has no reservation for it.',
    'Notification order-confirmed FAILED: no reason is given.',
  ]);
});
