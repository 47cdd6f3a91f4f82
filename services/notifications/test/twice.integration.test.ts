import { deliver } from '../../../tests/platform/invoke.ts';
import { storedItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { handler } from '../src/functions/consume-order-events.ts';
import { anOrder, eventOf } from './builders.ts';

withResourcesOf('notifications');

it('a batch that Lambda invokes twice at once is handled twice: no message is given back, each mail is sent once', async () => {
  const order = anOrder();
  const batch = [eventOf('order-confirmed', order), eventOf('order-shipped', order)];

  expect(await Promise.all([deliver(handler, ...batch), deliver(handler, ...batch)])).toEqual([[], []]);

  const stored = (sk: string) => storedItem('test-notifications', { pk: `ORDER#${order.orderId}`, sk });
  const [confirmed, shipped] = [await stored('order-confirmed'), await stored('order-shipped')];
  expect(confirmed).toMatchObject({ status: 'SENT', attempts: 1 });
  expect(shipped).toMatchObject({ status: 'SENT', attempts: 1 });
  expect(String(confirmed?.sentAt) <= String(shipped?.createdAt)).toBe(true);
});
