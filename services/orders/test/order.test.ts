import {
  OrderCancelled,
  OrderConfirmed,
  OrderPlaced,
  OrderRejected,
  OrderShipped,
  parse,
} from '@orderly/contracts';
import { seal } from '../../../tests/platform/invoke.ts';
import {
  asPlaced,
  cancel,
  confirm,
  type Order,
  type Outcome,
  place,
  reject,
  ship,
} from '../src/domain/order.ts';
import { noon, oneOClock, placed, placing, short } from './builders.ts';

const shortages = [short('MUG', 3, 1)];

function moved(outcome: Outcome): Order {
  if (outcome.outcome !== 'changed') throw new Error(`Not moved: ${outcome.outcome}`);
  return outcome.order;
}

const orders = {
  PLACED: placed(),
  CONFIRMED: moved(confirm(placed(), noon)),
  REJECTED: moved(reject(placed(), shortages, noon)),
  CANCELLED: moved(cancel(placed(), noon)),
  SHIPPED: moved(ship(moved(confirm(placed(), noon)), noon)),
};

const transitions = {
  confirm: (order: Order) => confirm(order, oneOClock),
  reject: (order: Order) => reject(order, shortages, oneOClock),
  cancel: (order: Order) => cancel(order, oneOClock),
  ship: (order: Order) => ship(order, oneOClock),
};

it('a placed order is PLACED in version 1 and published', () => {
  const { order, events } = placing();

  expect(order).toMatchObject({ status: 'PLACED', version: 1, placedAt: '2026-01-31T12:00:00.000Z' });
  const { status, version, ...snapshot } = order;
  expect(events).toEqual([OrderPlaced.of({ ...snapshot, lines: [...order.lines] })]);
});

it.each([
  ['PLACED', 'confirm', 'CONFIRMED', 'confirmedAt', OrderConfirmed],
  ['PLACED', 'reject', 'REJECTED', 'rejectedAt', OrderRejected],
  ['PLACED', 'cancel', 'CANCELLED', 'cancelledAt', OrderCancelled],
  ['CONFIRMED', 'cancel', 'CANCELLED', 'cancelledAt', OrderCancelled],
  ['CONFIRMED', 'ship', 'SHIPPED', 'shippedAt', OrderShipped],
] as const)(
  '%s: %s makes it %s, at a time that is stored and published',
  (from, name, to, time, { type }) => {
    const outcome = transitions[name](orders[from]);

    const at = { [time]: '2026-01-31T13:00:00.000Z' };
    expect(outcome).toMatchObject({
      outcome: 'changed',
      order: { ...orders[from], status: to, version: orders[from].version + 1, ...at },
      events: [{ type, data: { orderId: orders[from].orderId, lines: orders[from].lines, ...at } }],
    });
  },
);

it.each([
  ['CONFIRMED', 'confirm', 'unchanged'],
  ['CONFIRMED', 'reject', 'unchanged'],
  ['REJECTED', 'confirm', 'unchanged'],
  ['REJECTED', 'reject', 'unchanged'],
  ['CANCELLED', 'confirm', 'unchanged'],
  ['CANCELLED', 'reject', 'unchanged'],
  ['SHIPPED', 'confirm', 'unchanged'],
  ['SHIPPED', 'reject', 'unchanged'],
  ['CANCELLED', 'cancel', 'unchanged'],
  ['SHIPPED', 'ship', 'unchanged'],
  ['REJECTED', 'cancel', 'refused'],
  ['SHIPPED', 'cancel', 'refused'],
  ['PLACED', 'ship', 'refused'],
  ['REJECTED', 'ship', 'refused'],
  ['CANCELLED', 'ship', 'refused'],
] as const)('%s: %s is %s and returns the order as it is', (from, name, outcome) => {
  expect(transitions[name](orders[from])).toEqual({ outcome, order: orders[from] });
});

it('a rejected order stores and publishes what was short', () => {
  expect(orders.REJECTED).toMatchObject({ shortages });
  expect(reject(placed(), shortages, noon)).toMatchObject({ events: [{ data: { shortages } }] });
});

it.each(Object.entries(orders))(
  'the answer to a repeated request shows a %s order as it was placed',
  (_, order) => {
    const { orderId, customer, currency, lines, total, placedAt } = order;

    expect(asPlaced(order)).toEqual({
      ...{ orderId, customer, currency, lines, total, placedAt },
      status: 'PLACED',
      version: 1,
    });
  },
);

it.each([
  ['place', OrderPlaced.schema, place(placed(), noon)],
  ['confirm', OrderConfirmed.schema, confirm(orders.PLACED, noon)],
  ['reject', OrderRejected.schema, reject(orders.PLACED, shortages, noon)],
  ['cancel', OrderCancelled.schema, cancel(orders.CONFIRMED, noon)],
  ['ship', OrderShipped.schema, ship(orders.CONFIRMED, noon)],
] as const)('the event of %s keeps its contract and carries no state', (_name, schema, outcome) => {
  const [event] = outcome.outcome === 'changed' ? outcome.events : [];
  if (event === undefined) throw new Error('There is no event');

  const parsed = parse<unknown>(schema, seal(event, { subject: outcome.order.orderId }));

  expect(parsed).toMatchObject({ outcome: 'valid' });
  expect(Object.keys(event.data as object)).not.toEqual(expect.arrayContaining(['status']));
  expect(Object.keys(event.data as object)).not.toEqual(expect.arrayContaining(['version']));
});
