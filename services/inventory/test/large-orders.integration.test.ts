import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { OrderCancelled, type OrderId, OrderPlaced, OrderShipped, type Sku } from '@orderly/contracts';
import { absent } from '@orderly/functions/table/condition';
import { openTable } from '@orderly/functions/table/table';
import { transact } from '@orderly/functions/table/transaction';
import { deliver, seal } from '../../../tests/platform/invoke.ts';
import { outboxOf, storedItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { changeReservation } from '../src/adapters/change-reservation.ts';
import { OutOfTimeError } from '../src/adapters/reservation-table.ts';
import type { Product } from '../src/domain/product.ts';
import { handler } from '../src/functions/consume-order-events.ts';
import { details, newSku, noon, orderData, orderId } from './builders.ts';
import { restock } from './stocked.ts';

withResourcesOf('inventory');

interface ProductItem extends Product {
  readonly pk: string;
  readonly listed: 'PRODUCT';
}

const products = openTable<ProductItem>('test-inventory');

/** So many new products, with so many pieces of each; written at once, as hundreds of requests take long. */
async function stocked(count: number, available: number): Promise<readonly Sku[]> {
  const skus = Array.from({ length: count }, newSku);
  const levels = { onHand: available, reserved: 0, available };
  for (let from = 0; from < count; from += 100) {
    const items = skus.slice(from, from + 100).map((sku) => ({ sku, ...details(), ...levels, version: 1 }));
    await transact(
      items.map((item) =>
        products.putting({ ...item, pk: `PRODUCT#${item.sku}`, listed: 'PRODUCT' }, absent),
      ),
    );
  }
  return skus;
}

/** How many products have which levels. */
async function levelsOf(skus: readonly Sku[]): Promise<Readonly<Record<string, number>>> {
  const items = await products.getMany(skus.map((sku) => ({ pk: `PRODUCT#${sku}` })));
  const levels: Record<string, number> = {};
  for (const { onHand, reserved, available } of items) {
    const name = `${onHand} = ${available} + ${reserved}`;
    levels[name] = (levels[name] ?? 0) + 1;
  }
  return levels;
}

const stored = (id: OrderId) => storedItem('test-inventory', { pk: `RESERVATION#${id}` });
const publishedOf = async (id: OrderId) =>
  (await outboxOf('test-inventory', { pk: `RESERVATION#${id}` }))?.map(({ type, sequence }) => [
    type,
    sequence,
  ]);

function messages(id: OrderId, skus: readonly Sku[], quantity = 1) {
  const data = orderData(
    id,
    skus.map((sku) => ({ sku, quantity })),
  );
  const at = noon.toISOString();
  return {
    placed: seal(OrderPlaced.of(data), { subject: id }),
    cancelled: seal(OrderCancelled.of({ ...data, cancelledAt: at }), { subject: id, sequence: 2 }),
    shipped: seal(OrderShipped.of({ ...data, shippedAt: at }), { subject: id, sequence: 3 }),
  };
}

/** The function dies at its n-th transaction from now on (0 is the next), before it is done or right after. */
function killAt(step: number, moment: 'before' | 'after'): void {
  const { send } = DynamoDBClient.prototype;
  let transactions = 0;
  jest.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(async function (
    this: DynamoDBClient,
    ...[command, ...rest]: Parameters<typeof send>
  ) {
    if (!(command instanceof TransactWriteItemsCommand) || transactions++ !== step)
      return send.call(this, command, ...rest);
    if (moment === 'after') await send.call(this, command, ...rest);
    throw new Error('The function was killed');
  } as typeof send);
}
afterEach(() => jest.restoreAllMocks());

it('an order of 1,000 lines is reserved, and released when it is cancelled', async () => {
  const [skus, id] = [await stocked(1000, 3), orderId()];
  const { placed, cancelled } = messages(id, skus, 2);

  expect(await deliver(handler, placed)).toEqual([]);

  expect(await levelsOf(skus)).toEqual({ '3 = 1 + 2': 1000 });
  expect(await stored(id)).toMatchObject({ status: 'RESERVED', version: 1 });
  expect(await stored(id)).not.toHaveProperty('holding');
  expect(await publishedOf(id)).toEqual([['orderly.stock.reserved.v1', 1]]);

  expect(await deliver(handler, cancelled)).toEqual([]);

  expect(await levelsOf(skus)).toEqual({ '3 = 3 + 0': 1000 });
  expect(await publishedOf(id)).toEqual([['orderly.stock.released.v1', 2]]);
});

it('an order that is short only in its last lines never holds anything, and every short SKU is named', async () => {
  const [enough, few, id] = [await stocked(150, 5), await stocked(100, 1), orderId()];
  const unknown = newSku();
  const skus = [
    ...enough.slice(0, 120),
    ...few.slice(0, 40),
    ...enough.slice(120),
    ...few.slice(40),
    unknown,
  ];

  killAt(0, 'after');
  expect(await deliver(handler, messages(id, skus, 2).placed)).toEqual([]);
  jest.restoreAllMocks();

  expect(await levelsOf(enough)).toEqual({ '5 = 5 + 0': 150 });
  expect(await levelsOf(few)).toEqual({ '1 = 1 + 0': 100 });
  expect(await stored(id)).toMatchObject({
    status: 'REJECTED',
    version: 1,
    shortages: [...few.map((sku) => [sku, 1]), [unknown, 0]].map(([sku, available]) => ({
      sku,
      requested: 2,
      available,
    })),
  });
  expect(await publishedOf(id)).toEqual([['orderly.stock.rejected.v1', 1]]);
});

describe.each(['before', 'after'] as const)('a function that dies %s the n-th transaction', (moment) => {
  it.each([0, 1, 2])('has its order of 250 lines reserved by the next delivery: n = %d', async (step) => {
    const [skus, id] = [await stocked(250, 3), orderId()];
    const { placed } = messages(id, skus, 2);

    killAt(step, moment);
    const failed = await deliver(handler, placed);
    jest.restoreAllMocks();
    const between = await levelsOf(skus);
    const again = [await deliver(handler, placed), await deliver(handler, placed)];

    expect(failed).toEqual([0]);
    const moved = Math.min(99 * (step + (moment === 'after' ? 1 : 0)), 250);
    expect(between['3 = 1 + 2'] ?? 0).toBe(moved);
    expect(again).toEqual([[], []]);
    expect(await levelsOf(skus)).toEqual({ '3 = 1 + 2': 250 });
    expect(await stored(id)).toMatchObject({ status: 'RESERVED', version: 1 });
    expect(await publishedOf(id)).toEqual([['orderly.stock.reserved.v1', 1]]);
  });

  it.each([0, 2])('leaves nothing behind once its order is cancelled: n = %d', async (step) => {
    const [skus, id] = [await stocked(250, 3), orderId()];
    const { placed, cancelled } = messages(id, skus, 2);

    killAt(step, moment);
    await deliver(handler, placed);
    jest.restoreAllMocks();
    const wasReserved = (await stored(id))?.status === 'RESERVED';
    const rest = [await deliver(handler, cancelled), await deliver(handler, placed)];

    expect(rest).toEqual([[], []]);
    expect(await levelsOf(skus)).toEqual({ '3 = 3 + 0': 250 });
    expect(await stored(id)).toMatchObject({ status: 'RELEASED', version: wasReserved ? 2 : 1 });
    expect(await publishedOf(id)).toEqual(wasReserved ? [['orderly.stock.released.v1', 2]] : undefined);
  });

  // The next lines are found short, then two transactions give back what the first two took.
  it.each([1, 2])(
    'has its order rejected by the next delivery when stock went meanwhile: n = %d',
    async (step) => {
      const [skus, last, id] = [await stocked(250, 3), await stocked(1, 3), orderId()];
      const { placed } = messages(id, [...skus, ...last], 2);

      killAt(1, 'after');
      const failed = [await deliver(handler, placed)];
      jest.restoreAllMocks();
      const between = await levelsOf(skus);
      await restock(last[0] as Sku, -2);
      killAt(step, moment);
      failed.push(await deliver(handler, placed));
      jest.restoreAllMocks();
      const again = [await deliver(handler, placed), await deliver(handler, placed)];

      expect(between).toEqual({ '3 = 1 + 2': 198, '3 = 3 + 0': 52 });
      expect([...failed, ...again]).toEqual([[0], [0], [], []]);
      expect(await levelsOf(skus)).toEqual({ '3 = 3 + 0': 250 });
      expect(await stored(id)).toMatchObject({
        status: 'REJECTED',
        version: 1,
        shortages: [{ sku: last[0], requested: 2, available: 1 }],
      });
      expect(await publishedOf(id)).toEqual([['orderly.stock.rejected.v1', 1]]);
    },
  );

  it.each([
    ['cancelled', 'RELEASED', '3 = 3 + 0', 'orderly.stock.released.v1', 0],
    ['cancelled', 'RELEASED', '3 = 3 + 0', 'orderly.stock.released.v1', 2],
    ['shipped', 'SHIPPED', '1 = 1 + 0', 'orderly.stock.shipped.v1', 1],
  ] as const)('has its %s order %s by the next delivery', async (what, status, levels, type, step) => {
    const [skus, id] = [await stocked(250, 3), orderId()];
    const { placed, [what]: moved } = messages(id, skus, 2);
    await deliver(handler, placed);

    killAt(step, moment);
    const failed = await deliver(handler, moved);
    jest.restoreAllMocks();
    const again = [await deliver(handler, moved), await deliver(handler, moved)];

    expect([failed, ...again]).toEqual([[0], [], []]);
    expect(await levelsOf(skus)).toEqual({ [levels]: 250 });
    expect(await stored(id)).toMatchObject({ status, version: 2 });
    expect(await publishedOf(id)).toEqual([[type, 2]]);
  });
});

it('a step publishes nothing, not even the event before it again', async () => {
  const [skus, id] = [await stocked(250, 3), orderId()];
  const { placed, cancelled } = messages(id, skus);
  await deliver(handler, placed);

  killAt(0, 'after');
  await deliver(handler, cancelled);
  jest.restoreAllMocks();

  expect(await stored(id)).toMatchObject({ status: 'RELEASING', holding: 151, version: 1 });
  expect(await publishedOf(id)).toBeUndefined();
});

it('the same message delivered to three functions at once is reserved once', async () => {
  const [skus, id] = [await stocked(250, 9), orderId()];
  const { placed } = messages(id, skus);

  const failed = await Promise.all([1, 2, 3].map(() => deliver(handler, placed)));

  expect(failed).toEqual([[], [], []]);
  expect(await levelsOf(skus)).toEqual({ '9 = 8 + 1': 250 });
  expect(await stored(id)).toMatchObject({ status: 'RESERVED', version: 1 });
});

it('placed and cancelled at once: in the end nothing is held', async () => {
  const [skus, ids] = [await stocked(120, 9), Array.from({ length: 4 }, () => orderId())];

  const failed = await Promise.all(
    ids.map((id) => {
      const { placed, cancelled } = messages(id, skus);
      return Promise.all([deliver(handler, placed), deliver(handler, cancelled)]);
    }),
  );

  expect(failed.flat(2)).toEqual([]);
  expect(await levelsOf(skus)).toEqual({ '9 = 9 + 0': 120 });
});

it('two large orders race for the same products: one gets all of them, and the other none', async () => {
  const [skus, ids] = [await stocked(120, 1), [orderId(), orderId()]];

  // Each may find the other's lines in its way, and both are then rejected: that is no oversell, nor a leak.
  await Promise.all(ids.map((id) => deliver(handler, messages(id, skus).placed)));

  const statuses = await Promise.all(ids.map(async (id) => (await stored(id))?.status));
  const reserved = statuses.filter((status) => status === 'RESERVED').length;
  expect(reserved).toBeLessThanOrEqual(1);
  expect(statuses.every((status) => status === 'RESERVED' || status === 'REJECTED')).toBe(true);
  expect(await levelsOf(skus)).toEqual(reserved === 1 ? { '1 = 0 + 1': 120 } : { '1 = 1 + 0': 120 });
});

it('stops between two steps when the time runs out, and the next delivery continues from there', async () => {
  const [skus, id] = [await stocked(250, 3), orderId()];
  const lines = skus.map((sku) => ({ sku, quantity: 1 }));
  const remaining = [10_000, 2_000];
  const inTime = () => remaining.shift() ?? 0;

  await expect(
    changeReservation({ action: 'reserve', orderId: id, lines }, { remainingMs: inTime }),
  ).rejects.toThrow(OutOfTimeError);

  expect(await stored(id)).toMatchObject({ status: 'RESERVING', holding: 198, version: 0 });
  expect(await deliver(handler, messages(id, skus).placed)).toEqual([]);
  expect(await levelsOf(skus)).toEqual({ '3 = 2 + 1': 250 });
});
