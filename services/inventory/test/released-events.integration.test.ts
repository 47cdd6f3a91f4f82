import { type CloudEvent, OrderPlaced } from '@orderly/contracts';
import { inRequestContext } from '@orderly/functions/observability/request-context';
import * as v from 'valibot';
import { deliver, seal } from '../../../tests/platform/invoke.ts';
import { replaysReleasedEvents } from '../../../tests/platform/released-events.ts';
import { removeItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { recordAdjustment } from '../src/adapters/adjustment-table.ts';
import { saveProduct } from '../src/adapters/product-table.ts';
import { adjust } from '../src/domain/adjustment.ts';
import { handler } from '../src/functions/consume-order-events.ts';
import { details, noon } from './builders.ts';

withResourcesOf('inventory');

/** An order event as it was released; all of them carry the whole order. */
const orderIn = (event: CloudEvent) => v.parse(OrderPlaced.schema, { ...event, type: OrderPlaced.type }).data;

/** Nothing is reserved for the order, and there is enough of all that it asks for. */
async function stocked(event: CloudEvent): Promise<void> {
  const { orderId, lines } = orderIn(event);
  await removeItem('test-inventory', { pk: `RESERVATION#${orderId}` });
  for (const { sku, quantity } of lines) {
    await inRequestContext({ correlationId: 'flow', causationId: 'cause' }, () =>
      saveProduct(sku, details()),
    );
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
