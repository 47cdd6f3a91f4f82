import type { OrderId, Sku, SkuQuantity } from '@orderly/contracts';
import fc from 'fast-check';
import { orderId, sku } from './builders.ts';
import { Warehouse } from './warehouse.ts';

const skus = ['A', 'B', 'C', 'D'].map(sku);
const orders = Array.from({ length: 6 }, (_, index) =>
  orderId(`00000000-0000-4000-8000-00000000000${index}`),
);

type Step =
  | { readonly do: 'adjust'; readonly sku: Sku; readonly quantity: number }
  | { readonly do: 'place' | 'cancel' | 'ship'; readonly order: OrderId };

const basket = fc
  .uniqueArray(fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 5 }) }), {
    selector: (line) => line.sku,
    minLength: 1,
  })
  .map((lines): readonly SkuQuantity[] => lines);

const baskets = fc.tuple(...orders.map(() => basket));

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('adjust' as const),
    sku: fc.constantFrom(...skus),
    quantity: fc.integer({ min: -6, max: 12 }),
  }),
  fc.record({ do: fc.constantFrom('place', 'cancel', 'ship'), order: fc.constantFrom(...orders) }),
);

/** Some stock, then any steps, some of them again later: messages are delivered twice, and in any order. */
const scenario = fc
  .tuple(
    fc.tuple(...skus.map(() => fc.integer({ min: 0, max: 20 }))),
    fc
      .array(step, { maxLength: 40, size: 'max' })
      .chain((once) => fc.shuffledSubarray([...once, ...once], { minLength: once.length })),
  )
  .map(([stock, steps]): readonly Step[] => [
    ...skus.map((sku, index): Step => ({ do: 'adjust', sku, quantity: stock[index] ?? 0 })),
    ...steps,
  ]);

/** The expected state by counting alone: what came in, what orders hold, and what left. */
class Books {
  readonly came = new Map<Sku, number>(skus.map((each) => [each, 0]));
  readonly holds = new Map<OrderId, readonly SkuQuantity[]>();
  readonly left = new Map<OrderId, readonly SkuQuantity[]>();
  readonly decided = new Set<OrderId>();

  private pieces(of: ReadonlyMap<OrderId, readonly SkuQuantity[]>, what: Sku): number {
    return [...of.values()].flat().reduce((sum, line) => sum + (line.sku === what ? line.quantity : 0), 0);
  }

  levels(what: Sku) {
    const onHand = (this.came.get(what) ?? 0) - this.pieces(this.left, what);
    const reserved = this.pieces(this.holds, what);
    return { onHand, reserved, available: onHand - reserved };
  }

  follow(step: Step, lines: readonly SkuQuantity[]): void {
    if (step.do === 'adjust') {
      if (this.levels(step.sku).available + step.quantity < 0) return;
      this.came.set(step.sku, (this.came.get(step.sku) ?? 0) + step.quantity);
      return;
    }
    const { order } = step;
    const held = this.holds.get(order);
    if (step.do === 'place' && !this.decided.has(order)) {
      if (lines.every((line) => this.levels(line.sku).available >= line.quantity))
        this.holds.set(order, lines);
    }
    if (step.do === 'ship' && held !== undefined) this.left.set(order, held);
    if (step.do !== 'place') this.holds.delete(order);
    // A shipment of an order that was not placed is refused, and leaves no trace.
    if (step.do !== 'ship') this.decided.add(order);
  }
}

function perform(warehouse: Warehouse, step: Step, lines: readonly SkuQuantity[], at: Date): void {
  if (step.do === 'adjust') warehouse.adjust(step.sku, step.quantity);
  if (step.do === 'place') warehouse.placed(step.order, lines, at);
  if (step.do === 'cancel') warehouse.cancelled(step.order, at);
  if (step.do === 'ship') warehouse.shipped(step.order, at);
}

it('whatever happens, duplicated and shuffled: the stock equals the count at every moment', () => {
  const statuses = new Set<string>();
  fc.assert(
    fc.property(baskets, scenario, (drawn, steps) => {
      const warehouse = new Warehouse(skus);
      const books = new Books();

      for (const [second, step] of steps.entries()) {
        const lines = step.do === 'adjust' ? [] : (drawn[orders.indexOf(step.order)] ?? []);
        perform(warehouse, step, lines, new Date(second * 1000));
        books.follow(step, lines);

        for (const each of skus) {
          const levels = warehouse.levels(each);
          expect(levels).toEqual(books.levels(each));
          expect(levels.onHand).toBe(levels.available + levels.reserved);
          expect(Math.min(levels.onHand, levels.available, levels.reserved)).toBeGreaterThanOrEqual(0);
        }
      }

      const reserved = [...warehouse.reservations.values()].filter(({ status }) => status === 'RESERVED');
      expect(reserved.map(({ orderId }) => orderId).sort()).toEqual([...books.holds.keys()].sort());
      const shipped = [...warehouse.reservations.values()].filter(({ status }) => status === 'SHIPPED');
      expect(shipped.map(({ orderId }) => orderId).sort()).toEqual([...books.left.keys()].sort());
      expect(new Set(warehouse.events).size).toBe(warehouse.events.length);
      for (const { status } of warehouse.reservations.values()) statuses.add(status);
    }),
    { numRuns: 150 },
  );
  // The scenarios reach every status.
  expect([...statuses].sort()).toEqual(['REJECTED', 'RELEASED', 'RESERVED', 'SHIPPED']);
});
