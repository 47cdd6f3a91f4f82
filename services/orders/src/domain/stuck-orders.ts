import type { OrderId } from '@orderly/contracts';

/** An order that is still PLACED. */
export interface UndecidedOrder {
  readonly orderId: OrderId;
  readonly placedAt: string;
}

export interface StuckOrders {
  /** How many orders have been PLACED for too long. */
  readonly count: number;
  /** The oldest of them, at most ten. */
  readonly oldest: readonly OrderId[];
  /** Whole seconds since the oldest of all PLACED orders was placed; 0 when there is none. */
  readonly oldestAge: number;
}

const shown = 10;

/**
 * Counts the orders that stay PLACED for longer than they should.
 *
 * @param partitions PLACED orders, in each partition oldest first; read up to the first that is not stuck
 * @param limitMs how long an order may be PLACED
 */
export async function countStuckOrders(
  partitions: readonly AsyncIterable<UndecidedOrder>[],
  now: Date,
  limitMs: number,
): Promise<StuckOrders> {
  const ageMs = ({ placedAt }: UndecidedOrder) => now.getTime() - Date.parse(placedAt);

  const counts = await Promise.all(
    partitions.map(async (partition) => {
      const first: UndecidedOrder[] = [];
      let count = 0;
      for await (const order of partition) {
        if (first.length < shown) first.push(order);
        if (ageMs(order) <= limitMs) break;
        count += 1;
      }
      return { first, count };
    }),
  );

  const oldest = counts.flatMap(({ first }) => first).sort((a, b) => ageMs(b) - ageMs(a));
  const stuck = oldest.filter((order) => ageMs(order) > limitMs).slice(0, shown);
  return {
    count: counts.reduce((sum, { count }) => sum + count, 0),
    oldest: stuck.map(({ orderId }) => orderId),
    oldestAge: oldest[0] === undefined ? 0 : Math.max(0, Math.floor(ageMs(oldest[0]) / 1000)),
  };
}
