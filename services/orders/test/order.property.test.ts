import fc from 'fast-check';
import {
  cancel,
  confirm,
  type Order,
  type OrderStatus,
  type Outcome,
  reject,
  ship,
} from '../src/domain/order.ts';
import { placing, short } from './builders.ts';

const transitions: Record<string, (order: Order, at: Date) => Outcome> = {
  confirm,
  reject: (order, at) => reject(order, [short('MUG', 3, 0)], at),
  cancel,
  ship,
};

/** Written once more, by hand. */
const ways: Record<OrderStatus, readonly OrderStatus[]> = {
  PLACED: ['CONFIRMED', 'REJECTED', 'CANCELLED'],
  CONFIRMED: ['SHIPPED', 'CANCELLED'],
  REJECTED: [],
  CANCELLED: [],
  SHIPPED: [],
};

const types: Record<OrderStatus, string> = {
  PLACED: 'orderly.order.placed.v1',
  CONFIRMED: 'orderly.order.confirmed.v1',
  REJECTED: 'orderly.order.rejected.v1',
  CANCELLED: 'orderly.order.cancelled.v1',
  SHIPPED: 'orderly.order.shipped.v1',
};

/** Any transitions, any number of times, in any order. */
const happenings = fc
  .array(fc.constantFrom(...Object.keys(transitions)), { maxLength: 10 })
  .chain((once) => fc.shuffledSubarray([...once, ...once], { minLength: once.length }));

it('whatever happens, duplicated and shuffled: an order makes only allowed transitions', () => {
  const ends = new Set<string>();
  fc.assert(
    fc.property(happenings, (names) => {
      const { order: first, events: published } = placing();
      const history = [first];
      const events = published.map(({ type }) => type);

      for (const [second, name] of names.entries()) {
        const current = history.at(-1) ?? first;
        const outcome = transitions[name]?.(structuredClone(current), new Date(second * 1000));
        if (outcome?.outcome !== 'changed') {
          expect(outcome?.order).toEqual(current);
          continue;
        }
        expect(ways[current.status]).toContain(outcome.order.status);
        expect(outcome.events).toHaveLength(1);
        history.push(outcome.order);
        events.push(...outcome.events.map(({ type }) => type));
      }

      expect(history.map(({ version }) => version)).toEqual(history.map((_, index) => index + 1));
      expect(events).toEqual(history.map(({ status }) => types[status]));
      const last = history.at(-1) ?? first;
      const { orderId, customer, lines, total, currency, placedAt } = first;
      expect(last).toMatchObject({ orderId, customer, lines, total, currency, placedAt });
      ends.add(last.status);
    }),
    { numRuns: 300 },
  );
  // They reach every status.
  expect([...ends].sort()).toEqual(Object.keys(ways).sort());
});
