import { type CloudEvent, OrderId } from '@orderly/contracts';
import { inRequestContext } from '@orderly/functions/observability/request-context';
import * as v from 'valibot';
import { replaysReleasedEvents } from '../../../tests/platform/released-events.ts';
import { removeItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { insertOrder } from '../src/adapters/order-table.ts';
import { handler } from '../src/functions/consume-inventory-events.ts';
import { placing } from './builders.ts';

withResourcesOf('orders');

/** The order that the stock is for is PLACED. */
async function placed({ subject }: CloudEvent): Promise<void> {
  const orderId = v.parse(OrderId, subject);
  await removeItem('test-orders', { pk: `ORDER#${orderId}` });
  await inRequestContext({ correlationId: 'flow', causationId: 'cause' }, () =>
    insertOrder(placing({ orderId }), 'hash'),
  );
}

replaysReleasedEvents('orders', handler, { StockReserved: placed, StockRejected: placed });
