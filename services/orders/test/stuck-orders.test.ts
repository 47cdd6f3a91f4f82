import fc from 'fast-check';
import { countStuckOrders, type UndecidedOrder } from '../src/domain/stuck-orders.ts';
import { noon, orderId } from './builders.ts';

const minute = 60_000;

const placedMinutesAgo = (minutes: number): UndecidedOrder => ({
  orderId: orderId(),
  placedAt: new Date(noon.getTime() - minutes * minute).toISOString(),
});

/** A partition that records how far it was read. */
function partition(orders: readonly UndecidedOrder[]) {
  const reading = { read: 0 };
  async function* read() {
    for (const order of orders) {
      reading.read += 1;
      yield order;
    }
  }
  return Object.assign(read(), { reading });
}

it('counts what was placed too long ago, and names the oldest first', async () => {
  const [old, older, oldest, young] = [6, 7, 60, 4].map(placedMinutesAgo);
  const partitions = [
    [old, young],
    [oldest, older],
  ].map((orders) => partition(orders.filter((order) => order !== undefined)));

  const stuck = await countStuckOrders(partitions, noon, 5 * minute);

  expect(stuck).toEqual({
    count: 3,
    oldest: [oldest?.orderId, older?.orderId, old?.orderId],
    oldestAge: 3600,
  });
});

it('does not count an order that a faster clock has placed', async () => {
  const stuck = await countStuckOrders([partition([placedMinutesAgo(-1)])], noon, minute);

  expect(stuck).toEqual({ count: 0, oldest: [], oldestAge: 0 });
});

it('counts exactly those over the limit, however they are spread, and reads one more in each partition at most', async () => {
  const ages = fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 30 }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(ages, fc.integer({ min: 0, max: 20 }), async (minutes, limit) => {
      const sorted = minutes.map((ofPartition) => ofPartition.sort((a, b) => b - a).map(placedMinutesAgo));
      const partitions = sorted.map(partition);

      const stuck = await countStuckOrders(partitions, noon, limit * minute);

      const over = minutes.map((ofPartition) => ofPartition.filter((age) => age > limit).length);
      const count = over.reduce((sum, number) => sum + number, 0);
      expect(stuck.count).toBe(count);
      expect(stuck.oldest).toHaveLength(Math.min(count, 10));
      expect(stuck.oldestAge).toBe(Math.max(0, ...minutes.flat()) * 60);
      const read = partitions.map(({ reading }) => reading.read);
      expect(read).toEqual(sorted.map((orders, index) => Math.min(orders.length, (over[index] ?? 0) + 1)));
    }),
  );
});
