import { type CloudEvent, OrderPlaced } from '@orderly/contracts';
import * as v from 'valibot';
import { deliver, seal } from '../../../tests/platform/invoke.ts';
import { replaysReleasedEvents } from '../../../tests/platform/released-events.ts';
import { removeItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { handler } from '../src/functions/consume-order-events.ts';
import { stocked } from './stocked.ts';

withResourcesOf('inventory');

/** An order event as it was released; all of them carry the whole order. */
const orderIn = (event: CloudEvent) => v.parse(OrderPlaced.schema, { ...event, type: OrderPlaced.type }).data;

/** The order has no reservation, and enough of its products is available. */
async function inStock(event: CloudEvent): Promise<void> {
  const { orderId, lines } = orderIn(event);
  await removeItem('test-inventory', { pk: `RESERVATION#${orderId}` });
  for (const { sku, quantity } of lines) await stocked(quantity, sku);
}

/** The order is reserved. */
async function reserved(event: CloudEvent): Promise<void> {
  await inStock(event);
  const placed = seal(OrderPlaced.of(orderIn(event)), { subject: event.subject });
  expect(await deliver(handler, placed)).toEqual([]);
}

replaysReleasedEvents('inventory', handler, {
  OrderPlaced: inStock,
  OrderCancelled: reserved,
  OrderShipped: reserved,
});
