import { type CloudEvent, OrderId } from '@orderly/contracts';
import * as v from 'valibot';
import { replaysReleasedEvents } from '../../../tests/platform/released-events.ts';
import { removeItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { handler } from '../src/functions/consume-inventory-events.ts';
import { placing } from './builders.ts';
import { placed } from './stored.ts';

withResourcesOf('orders');

/** The order that the stock is for is PLACED. */
async function undecided({ subject }: CloudEvent): Promise<void> {
  const orderId = v.parse(OrderId, subject);
  await removeItem('test-orders', { pk: `ORDER#${orderId}` });
  await placed(placing({ orderId }));
}

replaysReleasedEvents('orders', handler, { StockReserved: undecided, StockRejected: undecided });
