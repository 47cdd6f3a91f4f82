import { getNotifications, getOrder, placeOrder, stockedProduct, stockOf } from './api.ts';
import { eventually } from './eventually.ts';
import { killService, startService } from './services.ts';

describe('a service that is down', () => {
  it('inventory: orders are accepted all the same, and decided when it is back', async () => {
    const sku = await stockedProduct(3);
    const first = await placeOrder({ lines: [[sku, 1]] });
    await eventually(async () => expect((await getOrder(first.orderId)).status).toBe('CONFIRMED'));
    await killService('inventory');

    const placed = [
      await placeOrder({ lines: [[sku, 1]] }),
      await placeOrder({ lines: [[sku, 1]] }),
      await placeOrder({ lines: [[sku, 1]] }),
    ];
    expect((await getOrder(placed[0]?.orderId ?? '')).status).toBe('PLACED');
    await startService('inventory');

    await eventually(async () => {
      const statuses = await Promise.all(placed.map(async ({ orderId }) => (await getOrder(orderId)).status));
      expect(statuses.sort()).toEqual(['CONFIRMED', 'CONFIRMED', 'REJECTED']);
    });
    expect(await stockOf(sku)).toEqual([3, 3, 0]);
  });

  it('notifications: customers are told when it is back, once', async () => {
    const sku = await stockedProduct(3);
    await killService('notifications');

    const { orderId } = await placeOrder({ lines: [[sku, 1]] });
    await eventually(async () => expect((await getOrder(orderId)).status).toBe('CONFIRMED'));
    await startService('notifications');

    await eventually(async () => {
      const told = (await getNotifications(orderId)).map(({ kind, status }) => [kind, status]);
      expect(told).toEqual([['order-confirmed', 'SENT']]);
    });
  });

  it('orders: what it had accepted is decided when it is back', async () => {
    const sku = await stockedProduct(3);
    const { orderId } = await placeOrder({ lines: [[sku, 1]] });
    await killService('orders');

    await startService('orders');

    await eventually(async () => expect((await getOrder(orderId)).status).toBe('CONFIRMED'));
    expect(await stockOf(sku)).toEqual([3, 1, 2]);
  });
});
