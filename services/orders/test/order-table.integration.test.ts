import { outboxOf, storedItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { changeOrder, findOrder, insertOrder, listOrders } from '../src/adapters/order-table.ts';
import { findProducts, saveProduct } from '../src/adapters/product-table.ts';
import { cancel, confirm, type Order, type Outcome, reject, ship } from '../src/domain/order.ts';
import { customer, newSku, oneOClock, orderId, placing, product, short } from './builders.ts';
import { inContext, placed } from './stored.ts';

withResourcesOf('orders');

const key = ({ orderId }: Pick<Order, 'orderId'>) => ({ pk: `ORDER#${orderId}` });
const outbox = (order: Pick<Order, 'orderId'>) => outboxOf('test-orders', key(order));

const move = (order: Order, transition: (order: Order, at: Date) => Outcome) =>
  inContext(() => changeOrder(order.orderId, (current) => transition(current, oneOClock)));

describe('insertOrder', () => {
  it('writes the order and its event in one item, which is found at once', async () => {
    const change = placing();

    const insertion = await inContext(() => insertOrder(change, 'hash'));

    expect(insertion).toEqual({ outcome: 'inserted', order: change.order });
    expect(await findOrder(change.order.orderId)).toEqual(change.order);
    expect(await outbox(change.order)).toEqual([
      expect.objectContaining({
        type: 'orderly.order.placed.v1',
        source: 'orderly/orders',
        subject: change.order.orderId,
        sequence: 1,
        correlationid: 'a-flow',
        causationid: 'a-cause',
        data: change.events[0]?.data,
      }),
    ]);
  });
});

describe('changeOrder', () => {
  it('writes nothing for what is unchanged or refused', async () => {
    const order = await placed();
    await move(order, cancel);
    const before = await storedItem('test-orders', key(order));

    const outcomes = [await move(order, cancel), await move(order, confirm), await move(order, ship)];

    expect(outcomes.map((outcome) => outcome?.outcome)).toEqual(['unchanged', 'unchanged', 'refused']);
    expect(await storedItem('test-orders', key(order))).toEqual(before);
  });

  it('of concurrent transitions exactly one decides a placed order', async () => {
    const orders = await Promise.all(Array.from({ length: 12 }, () => placed()));
    const shortages = [short('MUG', 3, 0)];

    const races = await Promise.all(
      orders.map((order) =>
        Promise.all([
          move(order, confirm),
          move(order, (current, at) => reject(current, shortages, at)),
          move(order, confirm),
        ]),
      ),
    );

    for (const [index, race] of races.entries()) {
      const order = await findOrder(orders[index]?.orderId ?? orderId());
      expect(race.map((outcome) => outcome?.outcome).sort()).toEqual(['changed', 'unchanged', 'unchanged']);
      expect(order).toMatchObject({ version: 2 });
      expect(race.map((outcome) => outcome?.order.status)).toEqual([1, 2, 3].map(() => order?.status));
    }
  });

  it('confirm and cancel at once: both happen in one order or the other, or the cancellation alone', async () => {
    const orders = await Promise.all(Array.from({ length: 12 }, () => placed()));

    await Promise.all(orders.flatMap((order) => [move(order, confirm), move(order, cancel)]));

    for (const { orderId } of orders) {
      const order = await findOrder(orderId);
      expect(order?.status).toBe('CANCELLED');
      expect(order?.version).toBe(order?.confirmedAt === undefined ? 2 : 3);
    }
  });
});

describe('listOrders', () => {
  it('loses none of the orders that were placed in the same millisecond', async () => {
    const ada = customer();
    const orders = await Promise.all(Array.from({ length: 5 }, () => placed(placing({ customer: ada }))));

    const first = await listOrders(ada.id, 3, undefined);
    const second = await listOrders(ada.id, 3, first.next);

    const listed = [...first.items, ...second.items].map((order) => order.orderId);
    expect(listed.sort()).toEqual(orders.map((order) => order.orderId).sort());
  });
});

describe('the product replica', () => {
  it('has the newest version in the end, whatever the order of arrival', async () => {
    const sku = newSku();

    await Promise.all([4, 2, 5, 1, 3].map((sequence) => saveProduct(product(sku, sequence * 100), sequence)));

    expect((await findProducts([sku])).get(sku)).toMatchObject({ price: 500 });
  });

  it('has no outbox, so nothing is published', async () => {
    const sku = newSku();

    await saveProduct(product(sku, 100), 1);

    expect(await storedItem('test-orders', { pk: `PRODUCT#${sku}` })).toEqual({
      pk: `PRODUCT#${sku}`,
      ...product(sku, 100),
      sequence: 1,
    });
  });
});
