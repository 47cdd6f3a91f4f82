import { derivedUuid } from '@orderly/functions/derived-uuid';
import { accepted, http } from '@orderly/functions/http/handler';
import { newEventId } from '@orderly/functions/messaging/event-id';
import { currentRequestContext } from '@orderly/functions/observability/request-context';
import { findDelivery, insertDelivery } from '../adapters/delivery-table.ts';
import { findEndpoint } from '../adapters/endpoint-table.ts';
import { wake } from '../adapters/wake-ups.ts';
import { ownEndpoint } from '../api/access.ts';
import { showDelivery } from '../api/deliveries.ts';
import { EndpointPath, logKeys } from '../api/endpoints.ts';
import { begin } from '../domain/delivery.ts';
import { testEvent } from '../domain/test-event.ts';

export const handler = http(
  { path: EndpointPath, logKeys },
  async ({ path: { endpointId }, idempotencyKey, caller }) => {
    ownEndpoint(caller, endpointId, await findEndpoint(endpointId));
    const id = idempotencyKey === undefined ? newEventId() : derivedUuid(`${endpointId}\0${idempotencyKey}`);
    const at = new Date();
    const event = testEvent(endpointId, id, currentRequestContext().correlationId, at);
    const delivery = begin(endpointId, { id, type: event.type, body: JSON.stringify(event) }, at);
    const inserted = await insertDelivery(delivery);
    await wake(endpointId);
    const present = inserted === 'inserted' ? delivery : await findDelivery(endpointId, id);
    return accepted(showDelivery(present ?? delivery));
  },
);
