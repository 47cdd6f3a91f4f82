import { eventually } from '@orderly/support/eventually';
import { getNotifications, getOrder, placeOrder, reaches, stockedProduct, stockOf } from './api.ts';
import { killService, startService } from './services.ts';

// That of orders is in runbooks.local.e2e.ts, iterator age.
describe('a service that is down', () => {
  it('inventory: orders are accepted all the same, and decided when it is back', async () => {
    const sku = await stockedProduct(3);
    const first = await placeOrder({ lines: [[sku, 1]] });
    await reaches(first.orderId, 'CONFIRMED');
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

  it('notifications: customers are notified when it is back, once', async () => {
    const sku = await stockedProduct(3);
    await killService('notifications');

    const { orderId } = await placeOrder({ lines: [[sku, 1]] });
    await reaches(orderId, 'CONFIRMED');
    await startService('notifications');

    await eventually(async () => {
      const sent = (await getNotifications(orderId)).map(({ kind, status }) => [kind, status]);
      expect(sent).toEqual([['order-confirmed', 'SENT']]);
    });
  });
});
