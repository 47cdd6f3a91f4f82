import { accepted, http } from '@orderly/functions/http/handler';
import { log } from '@orderly/functions/observability/log';
import { TransactionConflictError } from '@orderly/functions/retry';
import { findDelivery, saveDelivery } from '../adapters/delivery-table.ts';
import { findEndpoint } from '../adapters/endpoint-table.ts';
import { wake } from '../adapters/wake-ups.ts';
import { tenantOf } from '../api/access.ts';
import { DeliveryPath, deliveryNotFound, readDeliveryId, showDelivery } from '../api/deliveries.ts';
import { retry } from '../domain/delivery.ts';

/** How often a retry is tried again because an attempt was recorded meanwhile. */
const attempts = 5;

export const handler = http({ path: DeliveryPath }, async ({ path: { deliveryId }, caller }) => {
  const { endpointId, eventId } = readDeliveryId(deliveryId);
  const endpoint = await findEndpoint(endpointId);
  if (endpoint?.tenant !== tenantOf(caller)) throw deliveryNotFound(deliveryId);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const delivery = await findDelivery(endpointId, eventId);
    if (delivery === undefined) throw deliveryNotFound(deliveryId);
    const retried = retry(delivery, new Date());
    if (!(await saveDelivery(retried))) continue;
    await wake(endpointId);
    log.info('Delivery retried', { endpoint_id: endpointId, event_id: eventId });
    return accepted(showDelivery(retried));
  }
  throw new TransactionConflictError(`Delivery ${deliveryId} kept changing`);
});
