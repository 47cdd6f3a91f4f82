import {
  type OrderId,
  type Sku,
  type SkuQuantity,
  StockRejected,
  StockReleased,
  StockReserved,
  StockShipped,
} from '@orderly/contracts';
import fc from 'fast-check';
import { isPartial, type StoredReservation } from '../src/domain/large-reservation.ts';
import { orderId, sku } from './builders.ts';
import { Killed, Warehouse } from './warehouse.ts';

const skus = Array.from({ length: 320 }, (_, index) => sku(`S${index}`));
const orders = Array.from({ length: 4 }, (_, index) =>
  orderId(`00000000-0000-4000-8000-00000000000${index}`),
);
const came = 4;
const at = new Date(0);

/** `spoil`: all that is left of the order's last product is written off, so that it turns out to be short. */
type Kind = 'place' | 'cancel' | 'ship' | 'spoil';

/** A message is delivered, and the function killed after so many steps: 4 are as many as these orders take. */
interface Delivery {
  readonly kind: Kind;
  readonly order: OrderId;
  readonly steps: number;
}

/** Neighbouring products, so that orders overlap: 1 to 310 of them, each wanted once to three times. */
const basket = fc
  .record({
    from: fc.nat(skus.length - 1),
    length: fc.constantFrom(1, 100, 250, 310, 310),
    quantity: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ from, length, quantity }): readonly SkuQuantity[] =>
    Array.from({ length }, (_, index) => ({ sku: skus[(from + index) % skus.length] as Sku, quantity })),
  );

const delivery: fc.Arbitrary<Delivery> = fc.record({
  kind: fc.constantFrom<Kind>('place', 'place', 'place', 'cancel', 'ship', 'spoil'),
  order: fc.constantFrom(...orders),
  steps: fc.integer({ min: 0, max: 4 }),
});

const scenario = fc.record({
  baskets: fc.tuple(...orders.map(() => basket)),
  deliveries: fc.array(delivery, { maxLength: 30, size: 'max' }),
});

function deliver(warehouse: Warehouse, { kind, order, steps }: Delivery, lines: readonly SkuQuantity[]) {
  if (kind === 'spoil') return spoil(warehouse, lines);
  warehouse.stepsLeft = steps;
  try {
    if (kind === 'place') warehouse.placed(order, lines, at);
    if (kind === 'cancel') warehouse.cancelled(order, at);
    if (kind === 'ship') warehouse.shipped(order, at);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
}

function spoil(warehouse: Warehouse, lines: readonly SkuQuantity[]): void {
  for (const { sku } of lines.slice(-1)) warehouse.adjust(sku, -warehouse.levels(sku).available);
}

/** The lines that a reservation holds, and those that have left with it. */
function linesOf(reservation: StoredReservation) {
  const { status, lines } = reservation;
  if (isPartial(reservation)) {
    const held = lines.slice(0, reservation.holding);
    return { held, left: status === 'SHIPPING' ? lines.slice(reservation.holding) : [] };
  }
  return { held: status === 'RESERVED' ? lines : [], left: status === 'SHIPPED' ? lines : [] };
}

/** Every piece is on the shelf, set aside by a line, shipped with one, or spoilt. */
function expectBooksToBalance(warehouse: Warehouse, spoilt: ReadonlyMap<Sku, number>): void {
  const [held, left] = [new Map<Sku, number>(), new Map<Sku, number>()];
  const add = (to: Map<Sku, number>, lines: readonly SkuQuantity[]) => {
    for (const { sku, quantity } of lines) to.set(sku, (to.get(sku) ?? 0) + quantity);
  };
  for (const reservation of warehouse.reservations.values()) {
    add(held, linesOf(reservation).held);
    add(left, linesOf(reservation).left);
  }
  const wrong = skus.filter((each) => {
    const { onHand, reserved, available } = warehouse.levels(each);
    const gone = (left.get(each) ?? 0) + (spoilt.get(each) ?? 0);
    const set = held.get(each) ?? 0;
    return onHand !== came - gone || reserved !== set || available !== onHand - set || available < 0;
  });
  expect(wrong).toEqual([]);
}

/** The events that may be published of one order, in this order. */
const sequences = [
  [],
  [StockReserved.type],
  [StockRejected.type],
  [StockReserved.type, StockReleased.type],
  [StockReserved.type, StockShipped.type],
].map((types) => types.join(' '));

const publishedOf = (warehouse: Warehouse, order: OrderId) =>
  warehouse.events
    .filter((event) => event.startsWith(order))
    .map((event) => event.slice(order.length + 1))
    .join(' ');

it('killed between any two steps and redelivered in any order: no piece is lost, and every order is settled', () => {
  const seen = new Set<string>();
  const holds = fc.property(scenario, ({ baskets, deliveries }) => {
    const warehouse = new Warehouse(skus);
    for (const each of skus) warehouse.adjust(each, came);
    const linesFor = (order: OrderId) => baskets[orders.indexOf(order)] ?? [];

    const spoilt = new Map<Sku, number>();
    for (const each of deliveries) {
      if (each.kind === 'spoil') {
        const last = linesFor(each.order).at(-1)?.sku as Sku;
        spoilt.set(last, (spoilt.get(last) ?? 0) + warehouse.levels(last).available);
      }
      deliver(warehouse, each, linesFor(each.order));
      expectBooksToBalance(warehouse, spoilt);
      for (const { status } of warehouse.reservations.values()) seen.add(status);
    }

    // Every message is redelivered until it is handled.
    for (const each of deliveries.filter(({ kind }) => kind !== 'spoil')) {
      deliver(warehouse, { ...each, steps: Number.POSITIVE_INFINITY }, linesFor(each.order));
    }
    expectBooksToBalance(warehouse, spoilt);
    const cancelled = new Set(deliveries.filter(({ kind }) => kind === 'cancel').map(({ order }) => order));
    for (const [order, reservation] of warehouse.reservations) {
      expect(isPartial(reservation)).toBe(false);
      if (cancelled.has(order)) expect(reservation.status).not.toBe('RESERVED');
      const published = publishedOf(warehouse, order);
      expect(sequences).toContain(published);
      // Every event counts once; the mark of an early cancellation counts as one.
      expect(reservation.version).toBe(Math.max(1, published === '' ? 0 : published.split(' ').length));
    }
  });
  // Chance may leave out a status; then there are more runs.
  for (let round = 0; round < 5 && seen.size < statuses.length; round++) fc.assert(holds, { numRuns: 120 });
  expect([...seen].sort()).toEqual(statuses);
});

const statuses = 'REJECTED REJECTING RELEASED RELEASING RESERVED RESERVING SHIPPED SHIPPING'.split(' ');
