import { type CloudEvent, eventName } from '@orderly/contracts';
import { replaysReleasedEvents } from '../../../tests/platform/released-events.ts';
import { withResourcesOf } from '../../../tests/platform/resources.ts';
import { insertEndpoint } from '../src/adapters/endpoint-table.ts';
import { register } from '../src/domain/endpoint.ts';
import { handler } from '../src/functions/consume-order-events.ts';
import { endpointId, noon } from './builders.ts';

withResourcesOf('webhooks');

/** There is an endpoint that wants the event. */
async function registered({ type }: CloudEvent): Promise<void> {
  const registration = { url: 'https://hooks.example.com', events: [eventName(type)] };
  await insertEndpoint(register(endpointId(), 'billing', registration, { sealed: 'secret' }, noon));
}

replaysReleasedEvents('webhooks', handler, {
  OrderPlaced: registered,
  OrderConfirmed: registered,
  OrderRejected: registered,
  OrderCancelled: registered,
  OrderShipped: registered,
});
