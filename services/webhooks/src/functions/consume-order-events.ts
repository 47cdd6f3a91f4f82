import {
  type CloudEvent,
  OrderCancelled,
  OrderConfirmed,
  OrderPlaced,
  OrderRejected,
  OrderShipped,
  on,
} from '@orderly/contracts';
import { consume, type Received } from '@orderly/functions/messaging/consume';
import { count } from '@orderly/functions/observability/metrics';
import { insertDelivery } from '../adapters/delivery-table.ts';
import { currentEndpoints } from '../adapters/endpoint-table.ts';
import { wakeTogether } from '../adapters/wake-ups.ts';
import { begin } from '../domain/delivery.ts';
import { wants } from '../domain/endpoint.ts';

/**
 * Writes a delivery for each endpoint that wants the event, then wakes the endpoint. A repeated event repeats only that. The
 * events of a batch share the read of the endpoints, which begins when all of them are there, and wake-ups.
 */
async function fanOut({ id, type }: CloudEvent, { body }: Received): Promise<void> {
  const endpoints = (await currentEndpoints()).filter((endpoint) => wants(endpoint, type));
  // One that fails must not end the work for the others.
  const results = await Promise.allSettled(
    endpoints.map(async ({ endpointId }) => {
      const outcome = await insertDelivery(begin(endpointId, { id, type, body }, new Date()));
      count(outcome === 'inserted' ? 'DeliveriesBegun' : 'DuplicatesAbsorbed');
      await wakeTogether(endpointId);
    }),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

export const handler = consume(
  { logKeys: { order_id: 'orderId' } },
  on(OrderPlaced, fanOut),
  on(OrderConfirmed, fanOut),
  on(OrderRejected, fanOut),
  on(OrderCancelled, fanOut),
  on(OrderShipped, fanOut),
);
