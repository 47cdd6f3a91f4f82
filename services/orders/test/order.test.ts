import {
  type NewEvent,
  OrderCancelled,
  OrderConfirmed,
  OrderPlaced,
  OrderRejected,
  OrderShipped,
  parse,
  type Schema,
} from '@orderly/contracts';
import { seal } from '../../../tests/platform/invoke.ts';
import { asPlaced, cancel, confirm, type Order, type Outcome, reject, ship } from '../src/domain/order.ts';
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

/** The event keeps its contract, and carries no state. */
function expectContract(schema: Schema<unknown>, { orderId }: Order, [event]: readonly NewEvent[]): void {
  if (event === undefined) throw new Error('There is no event');
  expect(parse(schema, seal(event, { subject: orderId }))).toMatchObject({ outcome: 'valid' });
  for (const name of ['status', 'version']) expect(event.data).not.toHaveProperty(name);
}

it('a placed order is PLACED in version 1 and published', () => {
  const { order, events } = placing();

  expect(order).toMatchObject({ status: 'PLACED', version: 1, placedAt: '2026-01-31T12:00:00.000Z' });
  const { status, version, ...snapshot } = order;
  expect(events).toEqual([OrderPlaced.of({ ...snapshot, lines: [...order.lines] })]);
  expectContract(OrderPlaced.schema, order, events);
});

it.each([
  ['PLACED', 'confirm', 'CONFIRMED', 'confirmedAt', OrderConfirmed],
  ['PLACED', 'reject', 'REJECTED', 'rejectedAt', OrderRejected],
  ['PLACED', 'cancel', 'CANCELLED', 'cancelledAt', OrderCancelled],
  ['CONFIRMED', 'cancel', 'CANCELLED', 'cancelledAt', OrderCancelled],
  ['CONFIRMED', 'ship', 'SHIPPED', 'shippedAt', OrderShipped],
] as const)(
  '%s: %s makes it %s, at a time that is stored and published',
  (from, name, to, time, { type, schema }) => {
    const outcome = transitions[name](orders[from]);

    const at = { [time]: '2026-01-31T13:00:00.000Z' };
    expect(outcome).toMatchObject({
      outcome: 'changed',
      order: { ...orders[from], status: to, version: orders[from].version + 1, ...at },
      events: [{ type, data: { orderId: orders[from].orderId, lines: orders[from].lines, ...at } }],
    });
    if (outcome.outcome === 'changed') expectContract(schema, outcome.order, outcome.events);
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
