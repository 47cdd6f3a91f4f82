import { type CloudEvent, OrderPlaced } from '@orderly/contracts';
import { inFlow } from '@orderly/lambda/flow';
import * as v from 'valibot';
import { deliver, seal } from '../../../tests/platform/invoke.ts';
import { replaysReleasedEvents } from '../../../tests/platform/released-events.ts';
import { removeItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { adjust } from '../src/adjustment.ts';
import { recordAdjustment } from '../src/adjustment-table.ts';
import { handler } from '../src/functions/follow-orders.ts';
import { saveProduct } from '../src/product-table.ts';
import { details, noon } from './builders.ts';

withResourcesOf('inventory');

/** An order event as it was released; all of them carry the whole order. */
const orderIn = (event: CloudEvent) => v.parse(OrderPlaced.schema, { ...event, type: OrderPlaced.type }).data;

/** Nothing is reserved for the order, and there is enough of all that it asks for. */
async function stocked(event: CloudEvent): Promise<void> {
  const { orderId, lines } = orderIn(event);
  await removeItem('test-inventory', { pk: `RESERVATION#${orderId}` });
  for (const { sku, quantity } of lines) {
    await inFlow({ correlationId: 'flow', causationId: 'cause' }, () => saveProduct(sku, details()));
    await recordAdjustment(adjust(sku, { quantity, reason: 'delivery' }, undefined, noon));
  }
}

/** The order holds all that it asks for. */
async function reserved(event: CloudEvent): Promise<void> {
  await stocked(event);
  const placed = seal(OrderPlaced.of(orderIn(event)), { subject: event.subject });
  expect(await deliver(handler, placed)).toEqual([]);
}

replaysReleasedEvents('inventory', handler, {
  OrderPlaced: stocked,
  OrderCancelled: reserved,
  OrderShipped: reserved,
});
