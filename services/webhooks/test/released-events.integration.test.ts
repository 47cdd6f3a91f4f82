import { type CloudEvent, eventName } from '@orderly/contracts';
import { replaysReleasedEvents } from '../../../tests/platform/released-events.ts';
import { withResourcesOf } from '../../../tests/platform/resources.ts';
import { allEndpoints, insertEndpoint, removeEndpoint } from '../src/adapters/endpoint-table.ts';
import { register } from '../src/domain/endpoint.ts';
import { handler } from '../src/functions/consume-order-events.ts';
import { endpointId, noon } from './builders.ts';

withResourcesOf('webhooks');

/** There is one endpoint, and it has not had the event. */
async function registered({ type }: CloudEvent): Promise<void> {
  for (const endpoint of await allEndpoints()) await removeEndpoint(endpoint.endpointId);
  const events = [eventName(type)];
  const url = 'https://hooks.example.com';
  await insertEndpoint(register(endpointId(), 'billing', { url, events }, { sealed: 'secret' }, noon));
}

replaysReleasedEvents('webhooks', handler, {
  OrderPlaced: registered,
  OrderConfirmed: registered,
  OrderRejected: registered,
  OrderCancelled: registered,
  OrderShipped: registered,
});
