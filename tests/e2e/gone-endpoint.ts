import { eventually } from '@orderly/support/eventually';
import { startReceiver } from '@orderly/support/receiver';
import { client } from './api.ts';

/** An endpoint that has answered 410, and that the platform has disabled for that. The receiver is to be closed. */
export async function goneEndpoint() {
  const receiver = await startReceiver();
  receiver.status = 410;
  const body = { url: receiver.url, events: ['OrderPlaced'] } as const;
  const { endpointId } = await client.webhooks.registerEndpoint({ body });
  const { deliveryId } = await client.webhooks.testEndpoint({ endpointId });
  await eventually(async () =>
    expect(await client.webhooks.getEndpoint({ endpointId })).toMatchObject({ disabledReason: 'GONE' }),
  );
  return { receiver, endpointId, deliveryId };
}
