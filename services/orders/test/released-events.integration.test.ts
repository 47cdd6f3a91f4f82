import { type CloudEvent, OrderId } from '@orderly/contracts';
import { inFlow } from '@orderly/lambda/flow';
import * as v from 'valibot';
import { replaysReleasedEvents } from '../../../tests/platform/released-events.ts';
import { removeItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { handler } from '../src/functions/follow-inventory.ts';
import { insertOrder } from '../src/order-table.ts';
import { placing } from './builders.ts';

withResourcesOf('orders');

/** The order that the stock is for is PLACED. */
async function placed({ subject }: CloudEvent): Promise<void> {
  const orderId = v.parse(OrderId, subject);
  await removeItem('test-orders', { pk: `ORDER#${orderId}` });
  await inFlow({ correlationId: 'flow', causationId: 'cause' }, () =>
    insertOrder(placing({ orderId }), 'hash'),
  );
}

replaysReleasedEvents('orders', handler, { StockReserved: placed, StockRejected: placed });
